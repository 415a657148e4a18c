package audit

import "strings"

// Program is one that asked in a person's name, by its token.
type Program struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
}

// Refused is the detail of what was not allowed.
const Refused = "refused"

const (
	tokenBegins = "token "
	detailJoint = "; "
	idLength    = 36 // of a UUID as text
)

// detailOf writes a line's detail: what came of it, and whose program asked. The token is
// the last, since people choose its name.
func detailOf(said string, by Program) string {
	if by == (Program{}) {
		return said
	}
	if said != "" {
		said += detailJoint
	}
	return said + tokenBegins + by.ID + " " + by.Name
}

// readDetail reads what detailOf wrote. The detail of a sign-in is what the browser calls
// itself, and says nothing of this.
func (l *Line) readDetail() {
	if l.Kind == KindRefused {
		l.Refused = true
		return
	}
	if l.Kind == KindLogin {
		return
	}
	said, token, isToken := strings.Cut(detailJoint+l.Detail, detailJoint+tokenBegins)
	l.Refused = strings.TrimPrefix(said, detailJoint) == Refused
	if isToken && len(token) > idLength {
		l.Program = &Program{ID: token[:idLength], Name: token[idLength+1:]}
	}
}
