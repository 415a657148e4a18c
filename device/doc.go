// Package device is a headless device: what the field app does on a phone, in
// Go. It has a SQLite database of its own with the phone's tables, seals what is
// saved together with its rows, pushes, pulls, and carries colleagues' entries.
// It knows no screens and no headquarters but through a Transport.
//
// The files have the names of their steps in web/packages/local/src, which does
// the same in the same order with the same states; docs/PROTOCOL.md says why.
package device
