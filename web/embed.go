// Package web holds the built field and headquarters apps.
package web

import "embed"

// Dist holds dist/field and dist/hq as `make web` built them. Without a build
// it holds only a placeholder, and the server says so.
//
//go:embed all:dist
var Dist embed.FS
