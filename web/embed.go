// Package web holds the built field and headquarters apps, and the verifier of draws.
package web

import "embed"

// Dist holds dist/field, dist/hq and dist/verify as `make web` built them. Without a build
// it holds only a placeholder, and the server says so.
//
//go:embed all:dist
var Dist embed.FS
