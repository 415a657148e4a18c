package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
)

// Service takes tables in.
type Service struct {
	Ingest *ingest.Service

	turn  chan struct{} // held by whoever reads a file: one at a time is enough for memory
	board board
}

// New is a service that writes as headquarters.
func New(writer *ingest.Service) *Service {
	return &Service{Ingest: writer, turn: make(chan struct{}, 1)}
}

// ImportResult is what an import wrote.
type ImportResult struct {
	Inserted  int `json:"inserted"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Absent    int `json:"absent" doc:"Rows that only the campaign has; they stay"`
}

// Preview says what an import would do. It writes nothing.
func (s *Service) Preview(ctx context.Context, campaign schema.CampaignID, kind string, in ImportFile) (ImportPreview, error) {
	ctx, end := s.board.begin(ctx, in.Ticket)
	defer end()
	preview, _, err := s.prepare(ctx, campaign, kind, in)
	return preview, err
}

// prepare reads a file and compares it with the campaign.
func (s *Service) prepare(ctx context.Context, campaign schema.CampaignID, kind string, in ImportFile) (ImportPreview, *plan, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ImportPreview{}, nil, ctx.Err()
	}
	s.board.show(ctx, Progress{Stage: "reading"})
	sheets, err := readFile(in.Name, in.File, func(rows int) { s.board.show(ctx, Progress{"reading", rows, 0}) })
	if err != nil {
		return ImportPreview{}, nil, err
	}
	r, err := s.read(ctx, kind, sheets, in)
	if err != nil {
		return ImportPreview{}, nil, err
	}
	plan, err := s.plan(ctx, campaign, r, s.Ingest.Now())
	if err != nil {
		return ImportPreview{}, nil, fmt.Errorf("compare with the campaign: %w", err)
	}
	return plan.preview(sheets), plan, nil
}

// read finds the kind that a file is of, its table, and which column is which field.
func (s *Service) read(ctx context.Context, kind string, sheets []*Sheet, in ImportFile) (*reading, error) {
	k, err := KindOf(kind)
	if kind == AnyKind {
		k, err = guess(sheets, in)
	}
	if err != nil {
		return nil, err
	}
	r, err := choose(k, sheets, in)
	if err == nil && len(in.Mapping) == 0 {
		err = s.recall(ctx, r)
	}
	return r, err
}

// choose takes the sheet that a person named, else the one that fits best, and its header.
func choose(kind *Kind, sheets []*Sheet, in ImportFile) (*reading, error) {
	r := &reading{kind: kind}
	for _, sheet := range sheets {
		if in.Sheet != "" && len(sheets) > 1 && sheet.Name != in.Sheet {
			continue
		}
		if h := findHeader(kind, sheet); r.sheet == nil || h.score > r.header.score {
			r.sheet, r.header = sheet, h
		}
	}
	if r.sheet == nil {
		return nil, schema.NewFault(schema.FaultValue, "sheet: "+in.Sheet)
	}
	if in.Header > 0 {
		i := slices.IndexFunc(r.sheet.Rows, func(row Row) bool { return row.Number == in.Header })
		if i < 0 {
			return nil, schema.NewFault(schema.FaultValue, fmt.Sprintf("header: row %d is blank", in.Header))
		}
		r.header = headerAt(kind, r.sheet, i, i)
	}
	if len(in.Mapping) > 0 {
		if err := r.header.remap(kind, in.Mapping, r.sheet.width()); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// plan is a reading that was compared with a state of the campaign.
type plan struct {
	*reading
	tally   tally
	changes []change
	recuse  []ImportRecusal
	seq     uint64 // of headquarters' newest entry then
}

func (p *plan) preview(sheets []*Sheet) ImportPreview {
	v := p.reading.preview(sheets)
	v.Inserts, v.Unchanged, v.Absent = p.tally.inserts, p.tally.unchanged, p.tally.absent
	v.Recusals = append(v.Recusals, p.recuse...)
	v.NewRows = append(v.NewRows, p.tally.newRows...)
	v.UpdateCount, v.Updates = p.tally.updateCount, append(v.Updates, p.tally.updates...)
	v.ProblemCount, v.Problems = p.mistakes.count, p.mistakes.sorted()
	return v
}

// plan reads the records, and compares them with one state of the campaign.
func (s *Service) plan(ctx context.Context, campaign schema.CampaignID, r *reading, now time.Time) (*plan, error) {
	out := &plan{}
	err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		fresh := reading{kind: r.kind, sheet: r.sheet, header: r.header, remembered: r.remembered}
		p := &planner{reading: &fresh, ctx: ctx, view: v, catalogue: s.Ingest.Catalogue, board: &s.board}
		out.reading = p.reading
		if err := p.beginsIn(now); err != nil {
			return err
		}
		p.read()
		if err := p.kind.plan(p); err != nil {
			return err
		}
		out.tally, out.changes, out.recuse = p.tally, p.changes, p.recusals
		return v.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM author
			WHERE campaign_no = $1 AND device_id = $2`, v.CampaignNo, s.Ingest.Device[:]).Scan(&out.seq)
	})
	return out, err
}

// beginsIn finds the year of dates that have none: that in which the campaign begins, or
// the present one.
func (p *planner) beginsIn(now time.Time) error {
	var at *int64
	if err := p.view.QueryRowContext(p.ctx, "SELECT max(starts_at) FROM campaign WHERE campaign_no = $1",
		p.view.CampaignNo).Scan(&at); err != nil {
		return err
	}
	if at != nil {
		now = time.UnixMilli(*at)
	}
	p.calendar.year = now.In(schema.Zone()).Year()
	return nil
}

// roundsMax is how often an import compares anew because headquarters wrote something else
// meanwhile.
const roundsMax = 20

// errMoved says that headquarters wrote something since the comparison.
var errMoved = errors.New("headquarters wrote meanwhile")

// Apply imports a file, if nothing is wrong with it: else it is schema.FaultImportMistakes
// and nothing is written. An import that is interrupted has written some rows whole; to
// import again writes the rest.
func (s *Service) Apply(
	ctx context.Context, campaign schema.CampaignID, kind string, in ImportFile, by string,
) (ImportResult, error) {
	if !slices.Contains(KindNames(), kind) { // what is written is of a kind that a person named
		return ImportResult{}, schema.NewFault(schema.FaultNotFound, "import of "+kind)
	}
	ctx, end := s.board.begin(ctx, in.Ticket)
	defer end()
	preview, p, err := s.prepare(ctx, campaign, kind, in)
	if err != nil {
		return ImportResult{}, err
	}
	if preview.ProblemCount > 0 {
		return ImportResult{}, schema.NewFault(schema.FaultImportMistakes, fmt.Sprintf("%d", preview.ProblemCount))
	}
	result := ImportResult{preview.Inserts, preview.UpdateCount, preview.Unchanged, preview.Absent}
	for round := 0; ; round++ {
		err := s.write(ctx, campaign, p)
		if err == nil {
			break
		}
		if !errors.Is(err, errMoved) {
			return ImportResult{}, err
		}
		if round == roundsMax {
			return ImportResult{}, schema.NewFault(schema.FaultStale, kind)
		}
		if p, err = s.plan(ctx, campaign, p.reading, s.Ingest.Now()); err != nil {
			return ImportResult{}, err
		}
		if p.mistakes.count > 0 {
			return ImportResult{}, schema.NewFault(schema.FaultImportMistakes, fmt.Sprintf("%d", p.mistakes.count))
		}
	}
	if len(in.Mapping) > 0 {
		if err := s.remember(ctx, p.reading, in.Mapping, by); err != nil {
			return result, err
		}
	}
	if preview.Inserts+preview.UpdateCount == 0 {
		return result, nil
	}
	return result, s.Ingest.Record(ctx, campaign, ingest.Event{
		Kind: schema.EventImported, Actor: by,
		Detail: fmt.Sprintf("%s %s %d %d %d", kind, printable(in.Name), preview.Rows, preview.Inserts, preview.UpdateCount),
	})
}

// printable is a file's name without what a text in the history may not have.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '_'
		}
		return r
	}, name)
}

// write writes a plan's changes, entry by entry, as long as headquarters writes nothing
// else in between: two imports at once would both add what neither found.
func (s *Service) write(ctx context.Context, campaign schema.CampaignID, p *plan) error {
	done := 0
	for i, piece := range pieces(p.changes) {
		s.board.show(ctx, Progress{"writing", done, len(p.changes)})
		done += len(piece)
		changeset, err := builder(s.Ingest.Catalogue, piece).Bytes()
		if err != nil {
			return err
		}
		if err := s.Ingest.Write(ctx, ingest.Edit{
			Campaign: campaign, Seen: ingest.SeenAll, Changeset: changeset,
			Guard: func(tx *store.Tx) error {
				author, err := tx.Author(s.Ingest.Device)
				if err == nil && author.Head.Seq != p.seq+uint64(i) {
					err = errMoved
				}
				return err
			},
		}); err != nil {
			return fmt.Errorf("write entry %d: %w", i+1, err)
		}
	}
	return nil
}
