// Package oracle asks SQLite itself. It builds a small C program from the
// SQLite sources inside the github.com/mattn/go-sqlite3 module, with the session
// extension switched on, and talks to it as a child process.
//
// It is test support: the differential tests compare our reader of changesets
// with SQLite's, and the benchmarks compare our merge with a plain
// sqlite3changeset_apply. Nothing in the server imports it. The package has no
// cgo; a build needs gcc only when Start is called.
package oracle
