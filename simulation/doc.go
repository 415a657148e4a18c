// Package simulation plays the scripts of syncengine/sim with the program as it is:
// devices of package device, headquarters of server/ingest on SQLite files, backups
// of server/backup, and between them the wire's bytes. All of it runs in one
// goroutine with a time of its own, so that a script always gives the same life.
// When a life is over, everybody syncs without mishaps, and the oracle looks at
// what there is. syncengine/sim's documentation is the guide.
package simulation
