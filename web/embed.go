// Package web holds the built field and headquarters apps, and the pages that check draws and
// evidence.
package web

import "embed"

// Dist holds dist/field, dist/hq, dist/vote, dist/verify and dist/evidence as `make web` built them. Without a build
// it holds only a placeholder, and the server says so.
//
//go:embed all:dist
var Dist embed.FS
