package sim

import "errors"

// Message is a request on its way.
type Message struct {
	Path  string
	Token string
	Body  []byte
}

// Network carries messages, with mishaps. Those that come late wait here.
type Network struct {
	late []Message
	Seen []Message // pushes that went by, for whoever replays them
}

// ErrNoAnswer says that the sender got none.
var ErrNoAnswer = errors.New("no answer")

// seenMax is how many pushes are remembered.
const seenMax = 200

// Send carries a message to serve and its answer back.
func (n *Network) Send(
	m Message, fate MishapKind, serve func(Message) ([]byte, error),
) ([]byte, error) {
	if m.Path == "push" && len(n.Seen) < seenMax {
		n.Seen = append(n.Seen, m)
	}
	switch fate {
	case Drop:
		return nil, ErrNoAnswer
	case Late:
		n.late = append(n.late, m)
		return nil, ErrNoAnswer
	case Torn:
		m.Body = m.Body[:len(m.Body)/2]
	case Double:
		_, _ = serve(m) // whoever sent it hears one answer only
	case Lost, TornAnswer, Kill, KillHQ, Full, FullHQ:
	}
	n.Settle(serve)
	answer, err := serve(m)
	switch {
	case fate == Lost:
		return nil, ErrNoAnswer
	case fate == TornAnswer && err == nil:
		answer = answer[:len(answer)/2]
	}
	return answer, err
}

// Settle delivers what is late, the newest first.
func (n *Network) Settle(serve func(Message) ([]byte, error)) {
	for len(n.late) > 0 {
		m := n.late[len(n.late)-1]
		n.late = n.late[:len(n.late)-1]
		_, _ = serve(m) // nobody waits for the answer any more
	}
}
