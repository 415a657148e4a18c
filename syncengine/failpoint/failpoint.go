// Package failpoint names the places where a program can be made to fail, so
// that tests can stop it exactly there.
package failpoint

// Points is called at every named place with its name. It may not return: a
// simulation panics out of it, a test kills the process. nil is nothing.
type Points func(name string)

// Hit says that a place is reached.
func (p Points) Hit(name string) {
	if p != nil {
		p(name)
	}
}
