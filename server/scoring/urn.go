package scoring

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// urn is what is kept of a box beside its row: tickets by their hashes, and ballots. It is
// read and written as a whole, each in the order of its random keys. So neither the place of
// a row in the database nor, in PostgreSQL, the number of the transaction that wrote it says
// which ticket and which ballot came together, or in what order they came.
type urn struct {
	no      int64 // the campaign's
	box     schema.RowID
	tickets []ticket
	ballots []ballot
}

type ticket struct {
	hash []byte
	used bool
}

type ballot struct {
	id    uuid.UUID
	marks string // JSON: by criterion, hundredths of a point
}

// openUrn reads an urn for one who alone may change it: the campaign's row is locked until
// the transaction ends.
func openUrn(ctx context.Context, q store.Queryer, campaign schema.CampaignID, box schema.RowID) (*urn, error) {
	u := &urn{box: box}
	err := q.QueryRowContext(ctx, `SELECT no FROM campaign_state WHERE campaign_id = $1`, campaign[:]).Scan(&u.no)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, store.NoCampaign(campaign)
	}
	if err != nil {
		return nil, err
	}
	if _, err := q.ExecContext(ctx, `UPDATE campaign_state SET schema = schema WHERE no = $1`, u.no); err != nil {
		return nil, fmt.Errorf("lock campaign: %w", err)
	}
	u.tickets, err = store.List(ctx, q, func(row store.Scanner) (t ticket, err error) {
		var used int64
		err = row.Scan(&t.hash, &used)
		t.hash, t.used = bytes.Clone(t.hash), used != 0
		return t, err
	}, `SELECT ticket_hash, used FROM ballot_ticket WHERE campaign_no = $1 AND box_id = $2`, u.no, box[:])
	if err != nil {
		return nil, err
	}
	u.ballots, err = store.List(ctx, q, func(row store.Scanner) (b ballot, err error) {
		var id []byte
		if err = row.Scan(&id, &b.marks); err == nil {
			b.id, err = uuid.FromBytes(id)
		}
		return b, err
	}, `SELECT id, marks FROM ballot WHERE campaign_no = $1 AND box_id = $2`, u.no, box[:])
	return u, err
}

// take lets a ticket vote, once.
func (u *urn) take(hash []byte, marks string) error {
	if len(u.tickets) == 0 {
		return schema.NewFault(schema.FaultBoxClosed, "")
	}
	i := slices.IndexFunc(u.tickets, func(t ticket) bool { return bytes.Equal(t.hash, hash) })
	switch {
	case i < 0:
		return schema.NewFault(schema.FaultTicketUnknown, "")
	case u.tickets[i].used:
		return schema.NewFault(schema.FaultTicketUsed, "")
	}
	u.tickets[i].used = true
	u.ballots = append(u.ballots, ballot{newBallotID(), marks})
	return nil
}

// write puts all of it in the place of what was there.
func (u *urn) write(ctx context.Context, q store.Queryer) error {
	for _, table := range []string{"ballot_ticket", "ballot"} {
		if _, err := q.ExecContext(ctx, "DELETE FROM "+table+" WHERE campaign_no = $1 AND box_id = $2", u.no, u.box[:]); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	slices.SortFunc(u.tickets, func(a, b ticket) int { return bytes.Compare(a.hash, b.hash) })
	slices.SortFunc(u.ballots, func(a, b ballot) int { return bytes.Compare(a.id[:], b.id[:]) })
	var rows [][2]any
	for i := range u.tickets {
		used := int64(0)
		if u.tickets[i].used {
			used = 1
		}
		rows = append(rows, [2]any{u.tickets[i].hash, used})
	}
	if err := u.insert(ctx, q, "ballot_ticket (campaign_no, box_id, ticket_hash, used)", rows); err != nil {
		return err
	}
	rows = nil
	for i := range u.ballots {
		rows = append(rows, [2]any{u.ballots[i].id[:], u.ballots[i].marks})
	}
	return u.insert(ctx, q, "ballot (campaign_no, box_id, id, marks)", rows)
}

// insertMax is how many rows one statement brings.
const insertMax = 250

func (u *urn) insert(ctx context.Context, q store.Queryer, into string, rows [][2]any) error {
	for part := range slices.Chunk(rows, insertMax) {
		args, values := []any{u.no, u.box[:]}, []string{}
		for _, row := range part {
			n := len(args)
			args = append(args, row[0], row[1])
			values = append(values, fmt.Sprintf("($1, $2, $%d, $%d)", n+1, n+2))
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO "+into+" VALUES "+strings.Join(values, ", "), args...); err != nil {
			return fmt.Errorf("fill urn: %w", err)
		}
	}
	return nil
}
