// Package failpoint names the places where a program can be made to fail, so
// that tests can stop it exactly there.
package failpoint

import "strings"

// Points is called at every named place with its name. It may not return: a
// simulation panics out of it, a test kills the process. nil is nothing.
type Points func(name string)

// Hit says that a place is reached.
func (p Points) Hit(name string) {
	if p != nil {
		p(name)
	}
}

// Names lists all points of the server, sorted; crash/ holds it to the code.
func Names() []string {
	return strings.Fields(`
		campaign.state-begun
		demo.begun demo.entry-written demo.kept demo.to-be-kept demo.written
		edit.merged edit.signed edit.written
		enrol.code-made enrol.code-taken enrol.device-added
		entry.appended entry.decided entry.reconsidered entry.settled
		flush.authors flush.changes flush.contests flush.history flush.rows flush.state
		flush.tiles
		http.body-read http.handled http.received http.sent
		migrate.begun migrate.committed migrate.numbered migrate.run
		office.after-commit office.before-commit office.begun
		photo.moved photo.noted photo.verified
		pull.decoded pull.read pull.written
		push.checked push.decoded push.fetched push.key-found push.merged push.sealed
		push.set-aside
		restore.copied restore.epoch-begun restore.part-moved restore.placed restore.set-aside
		serve.closed serve.drained serve.key-found serve.listening serve.locked serve.stopping
		session.opened
		store.after-commit store.after-flush store.before-commit store.before-flush store.begun
		store.checkpointed store.closed store.closing store.file-made store.joined store.opened
		store.ready
		token.checked
	`)
}
