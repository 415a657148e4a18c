package device

// Point is a named step at which a device may be killed.
type Point string

// The points. Before a commit nothing has happened yet; after it all has.
const (
	SaveBeforeCommit     Point = "save.before-commit"
	SaveAfterCommit      Point = "save.after-commit"
	EnrolBeforeSend      Point = "enrol.before-send"
	EnrolAfterAnswer     Point = "enrol.after-answer"
	EnrolBeforeCommit    Point = "enrol.before-commit"
	EnrolAfterCommit     Point = "enrol.after-commit"
	PushBeforeSend       Point = "push.before-send"
	PushAfterAnswer      Point = "push.after-answer"
	ReceiptsBeforeCommit Point = "push.receipts-before-commit"
	ReceiptsAfterCommit  Point = "push.receipts-after-commit"
	PullBeforeSend       Point = "pull.before-send"
	PullAfterAnswer      Point = "pull.after-answer"
	PageBeforeCommit     Point = "pull.page-before-commit"
	PageAfterCommit      Point = "pull.page-after-commit"
	ImportBeforeCommit   Point = "import.before-commit"
	ImportAfterCommit    Point = "import.after-commit"
)

// Points lists all of them.
func Points() []Point {
	return []Point{
		SaveBeforeCommit, SaveAfterCommit,
		EnrolBeforeSend, EnrolAfterAnswer, EnrolBeforeCommit, EnrolAfterCommit,
		PushBeforeSend, PushAfterAnswer, ReceiptsBeforeCommit, ReceiptsAfterCommit,
		PullBeforeSend, PullAfterAnswer, PageBeforeCommit, PageAfterCommit,
		ImportBeforeCommit, ImportAfterCommit,
	}
}

func (d *Device) at(p Point) {
	if d.Points != nil {
		d.Points(p)
	}
}
