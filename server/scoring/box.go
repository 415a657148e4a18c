package scoring

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/uuid"
)

// Histogram is how often each mark was given, by the mark in hundredths of a point.
type Histogram map[string]int

// Result is what came of a vote, by criterion.
type Result map[string]Histogram

// Box is a vote in a hall.
type Box struct {
	ID       string `json:"id" format:"uuid"`
	UnitID   string `json:"unit_id" format:"uuid"`
	Unit     string `json:"unit"`
	County   string `json:"county"`
	Category string `json:"category"`
	Title    string `json:"title"`
	Tickets  int64  `json:"tickets"`
	OpenedAt int64  `json:"opened_at"`
	OpenedBy string `json:"opened_by"`
	ClosedAt *int64 `json:"closed_at,omitempty"`
	ClosedBy string `json:"closed_by"`
	Ballots  int64  `json:"ballots" doc:"So far, or in the end"`
	Few      bool   `json:"few" doc:"It is closed with too few ballots for a result"`
	Result   Result `json:"result,omitempty" doc:"By criterion, how often each mark (hundredths) was given"`
	Hash     string `json:"hash,omitempty" doc:"SHA-256 of the sorted ballots, hex"`
	Score    string `json:"score,omitempty" doc:"Mean of the criteria by weight, two decimals, of 100"`
	Rank     int    `json:"rank,omitempty" doc:"Among closed boxes of that meeting and category"`

	score *big.Rat
}

// Boxes are all votes, and what votes are about.
type Boxes struct {
	List     []Box       `json:"list" doc:"Newest first" nullable:"false"`
	Criteria []Criterion `json:"criteria" doc:"Those whose marks come from ballots" nullable:"false"`
	ReadAt   uint64      `json:"read_at"`
}

// Boxes reads all votes of a campaign.
func (s *Service) Boxes(ctx context.Context, campaign schema.CampaignID) (b Boxes, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) (err error) {
		b.ReadAt = v.State.Revision
		b.Criteria, err = store.List(ctx, v, scanCriterion, selectCriteria+" AND c.source = 'ballot'"+criteriaOrder, v.CampaignNo)
		if err != nil {
			return err
		}
		b.List, err = store.List(ctx, v, scanBox, `SELECT b.id, b.unit_id, u.name, coalesce(u.county, ''), u.category, b.title,
				b.tickets, b.opened_at, b.opened_by, b.closed_at, coalesce(b.closed_by, ''), coalesce(b.result, ''), b.hash,
				coalesce(b.ballots, (SELECT count(*) FROM ballot t WHERE t.campaign_no = b.campaign_no AND t.box_id = b.id))
			FROM ballot_box b JOIN unit u ON u.campaign_no = b.campaign_no AND u.id = b.unit_id
			WHERE b.campaign_no = $1 ORDER BY b.opened_at DESC, b.id DESC`, v.CampaignNo)
		return err
	})
	if err != nil {
		return b, fmt.Errorf("list ballot boxes: %w", err)
	}
	b.rank()
	return b, nil
}

func scanBox(row store.Scanner) (b Box, err error) {
	var id, unit, hash []byte
	var result string
	if err := row.Scan(&id, &unit, &b.Unit, &b.County, &b.Category, &b.Title, &b.Tickets, &b.OpenedAt, &b.OpenedBy,
		&b.ClosedAt, &b.ClosedBy, &result, &hash, &b.Ballots); err != nil {
		return b, err
	}
	b.ID, b.UnitID, b.Hash = idText(id), idText(unit), hex.EncodeToString(hash)
	b.Few = b.ClosedAt != nil && result == ""
	if result == "" {
		return b, nil
	}
	return b, json.Unmarshal([]byte(result), &b.Result)
}

// rank scores closed boxes and ranks those of one meeting and category.
func (b *Boxes) rank() {
	meetings := map[[2]string][]int{}
	for i := range b.List {
		box := &b.List[i]
		if box.Result == nil {
			continue
		}
		var weighted []Weighted
		for k := range b.Criteria {
			c := &b.Criteria[k]
			if marks := box.Result[c.ID]; marks != nil {
				weighted = append(weighted, Weighted{Mean(marks.groups("", c.MarkMax), c.Trim), c.Weight})
			}
		}
		box.score, _ = Total(weighted)
		box.Score = Shown(box.score)
		key := [2]string{box.Title, box.Category}
		meetings[key] = append(meetings[key], i)
	}
	for _, list := range meetings {
		var totals []*big.Rat
		for _, i := range list {
			totals = append(totals, b.List[i].score)
		}
		for k, rank := range Ranks(totals) {
			b.List[list[k]].Rank = rank
		}
	}
}

// NewBox is a vote to be held.
type NewBox struct {
	UnitID  string `json:"unit_id" format:"uuid"`
	Title   string `json:"title" minLength:"1" maxLength:"100" doc:"The meeting"`
	Tickets int    `json:"tickets" minimum:"1" maximum:"2000"`
}

// ticketsMax is how many tickets a box may have.
const ticketsMax = 2000

// OpenedBox is a box with its tickets, which are shown once: only their hashes are kept.
type OpenedBox struct {
	ID      string   `json:"id" format:"uuid"`
	Tickets []string `json:"tickets" nullable:"false"`
}

// OpenBox begins a vote about a unit.
func (s *Service) OpenBox(ctx context.Context, campaign schema.CampaignID, who Person, n NewBox) (OpenedBox, error) {
	n.Title = strings.TrimSpace(n.Title)
	if n.Title == "" || n.Tickets < 1 || n.Tickets > ticketsMax {
		return OpenedBox{}, schema.NewFault(schema.FaultValue, "title or tickets")
	}
	unit, err := parseRow(n.UnitID)
	if err != nil {
		return OpenedBox{}, err
	}
	if err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		units, criteria := 0, 0
		if err := v.QueryRowContext(ctx, `SELECT count(*), coalesce(sum((SELECT count(*) FROM criterion c
			WHERE c.campaign_no = u.campaign_no AND c.source = 'ballot' AND c.withdrawn_at IS NULL
				AND (c.category IS NULL OR c.category = u.category))), 0)
			FROM unit u WHERE u.campaign_no = $1 AND u.id = $2`, v.CampaignNo, unit[:]).Scan(&units, &criteria); err != nil {
			return err
		}
		if units == 0 {
			return schema.NewFault(schema.FaultNotFound, n.UnitID)
		}
		if criteria == 0 {
			return schema.NewFault(schema.FaultNoCriteria, "")
		}
		return nil
	}); err != nil {
		return OpenedBox{}, fmt.Errorf("open ballot box: %w", err)
	}
	box := schema.NewRowID()
	tickets, err := s.issue(ctx, campaign, box, n.Tickets)
	if err != nil {
		return OpenedBox{}, err
	}
	b := edit.New(s.Ingest.Catalogue)
	b.Insert("ballot_box", box, edit.Cells{
		"unit_id": edit.ID(unit), "title": edit.Text(n.Title), "tickets": edit.Int(int64(n.Tickets)),
		"opened_at": edit.Int(s.now()), "opened_by": edit.Text(who.Name),
	})
	return OpenedBox{box.String(), tickets}, s.Ingest.WriteRows(ctx, campaign, b)
}

// ticketBytes is the secret of a ticket: 128 random bits.
const ticketBytes = 16

// newTicket makes a ticket: the box and a secret, 43 letters of base 64 (RFC 4648 §5).
func newTicket(box schema.RowID) (text string, hash []byte) {
	secret := make([]byte, ticketBytes)
	_, _ = rand.Read(secret) // never fails
	sum := sha256.Sum256(secret)
	return base64.RawURLEncoding.EncodeToString(append(box[:], secret...)), sum[:]
}

// readTicket reads a ticket.
func readTicket(text string) (box schema.RowID, hash []byte, err error) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != len(box)+ticketBytes {
		return box, nil, schema.NewFault(schema.FaultTicketUnknown, "not a ticket")
	}
	sum := sha256.Sum256(b[len(box):])
	return schema.RowID(b[:len(box)]), sum[:], nil
}

// issue makes the tickets of a box in place of any that it had.
func (s *Service) issue(ctx context.Context, campaign schema.CampaignID, box schema.RowID, n int) ([]string, error) {
	tickets, kept := make([]string, n), make([]ticket, n)
	for i := range tickets {
		tickets[i], kept[i].hash = newTicket(box)
	}
	err := s.Ingest.Store.Office(ctx, func(q store.Queryer) error {
		u, err := openUrn(ctx, q, campaign, box)
		if err != nil {
			return err
		}
		if len(u.ballots) > 0 {
			return schema.NewFault(schema.FaultBoxUsed, box.String())
		}
		u.tickets = kept
		return u.write(ctx, q)
	})
	if err != nil {
		return nil, fmt.Errorf("issue tickets: %w", err)
	}
	return tickets, nil
}

// Reissue makes new tickets in place of those that were not printed, before anybody voted.
func (s *Service) Reissue(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (OpenedBox, error) {
	box, _, err := s.box(ctx, campaign, id)
	if err != nil {
		return OpenedBox{}, err
	}
	if box.ClosedAt != nil {
		return OpenedBox{}, schema.NewFault(schema.FaultBoxClosed, id.String())
	}
	tickets, err := s.issue(ctx, campaign, id, int(box.Tickets))
	return OpenedBox{id.String(), tickets}, err
}

// box finds a box, and the revision that it was read at.
func (s *Service) box(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (*Box, uint64, error) {
	all, err := s.Boxes(ctx, campaign)
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(all.List, func(b Box) bool { return b.ID == id.String() })
	if at < 0 {
		return nil, 0, schema.NewFault(schema.FaultNotFound, id.String())
	}
	return &all.List[at], all.ReadAt, nil
}

// CloseBox ends a vote and puts its result into the history. Its tickets are forgotten, and
// its ballots are shuffled under new ids. Closing that was cut short is taken up again.
func (s *Service) CloseBox(ctx context.Context, campaign schema.CampaignID, who Person, id schema.RowID) error {
	box, readAt, err := s.box(ctx, campaign, id)
	if err != nil {
		return err
	}
	if box.ClosedAt != nil {
		return schema.NewFault(schema.FaultBoxClosed, id.String())
	}
	var ballots []ballot
	if err := s.Ingest.Store.Office(ctx, func(q store.Queryer) error {
		u, err := openUrn(ctx, q, campaign, id)
		if err != nil {
			return err
		}
		u.tickets = nil
		for i := range u.ballots {
			u.ballots[i].id = newBallotID()
		}
		ballots = u.ballots
		return u.write(ctx, q)
	}); err != nil {
		return fmt.Errorf("close ballot box: %w", err)
	}
	cells := edit.Cells{
		"closed_at": edit.Int(s.now()), "closed_by": edit.Text(who.Name), "ballots": edit.Int(int64(len(ballots))),
	}
	if hash := hashOf(ballots); len(ballots) >= GroupMin {
		result, err := tally(ballots)
		if err != nil {
			return err
		}
		cells["result"], cells["hash"] = edit.Text(result), edit.Bytes(hash)
	}
	before := edit.Cells{}
	for name := range cells {
		before[name] = changeset.NullValue()
	}
	return s.update(ctx, campaign, "ballot_box", id.String(), readAt, before, cells)
}

// newBallotID is random throughout: it says nothing of when.
func newBallotID() uuid.UUID { return uuid.New() }

// hashOf is SHA-256 over a line for each ballot, sorted: id, space, marks. The random ids
// keep it from telling what few ballots say.
func hashOf(ballots []ballot) []byte {
	lines := make([]string, len(ballots))
	for i := range ballots {
		lines[i] = ballots[i].id.String() + " " + ballots[i].marks + "\n"
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte("sansuiji ballots 1\n" + strings.Join(lines, "")))
	return sum[:]
}

// tally counts marks by criterion, as JSON. A criterion with few marks is left out.
func tally(ballots []ballot) (string, error) {
	result, counts := Result{}, map[string]int{}
	for i := range ballots {
		var marks map[string]int64
		if err := json.Unmarshal([]byte(ballots[i].marks), &marks); err != nil {
			return "", errors.Join(errors.New("read ballot"), err)
		}
		for criterion, mark := range marks {
			if result[criterion] == nil {
				result[criterion] = Histogram{}
			}
			result[criterion][strconv.FormatInt(mark, 10)]++
			counts[criterion]++
		}
	}
	for criterion, n := range counts {
		if n < GroupMin {
			delete(result, criterion)
		}
	}
	text, err := json.Marshal(result)
	return string(text), err
}
