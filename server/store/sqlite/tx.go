package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
)

// tx is a merge under way.
type tx struct {
	*conn
	catalogue *schema.Catalogue
	campaign  int64 // campaign_no
	state     store.State
	authors   map[uint32]schema.DeviceID
	scopes    map[schema.TeamID]merge.Scope
	parents   map[merge.RowRef]merge.Scope // until a row moves
	waiting   *bool                        // whether any entry is held
	args      []driver.Value               // reused from statement to statement
	packed    []byte
}

// Merge runs do as the only writer.
func (s *Store) Merge(
	ctx context.Context, campaign schema.CampaignID, do func(store.Tx) error,
) error {
	if err := s.takeTurn(ctx); err != nil {
		return err
	}
	defer func() { <-s.turn }()
	if err := s.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	t := &tx{
		conn: s.writer, catalogue: s.catalogue,
		authors: map[uint32]schema.DeviceID{}, scopes: map[schema.TeamID]merge.Scope{},
		parents: map[merge.RowRef]merge.Scope{},
	}
	err := t.load(campaign)
	if err == nil {
		err = do(t)
	}
	if err == nil {
		err = t.saveState()
	}
	if err == nil {
		err = s.writer.exec("COMMIT")
	}
	if err != nil {
		return errors.Join(err, s.writer.exec("ROLLBACK"))
	}
	return nil
}

func (t *tx) load(campaign schema.CampaignID) error {
	var r [5]driver.Value
	found, err := t.row(`SELECT no, epoch, revision, position, clock
		FROM campaign_state WHERE campaign_id = ?`, r[:], campaign[:])
	if err == nil && !found {
		err = store.NoCampaign(campaign)
	}
	if err != nil {
		return err
	}
	t.campaign = integer(r[0])
	t.state = store.State{
		Campaign: campaign, Revision: uint64(integer(r[2])), Position: uint64(integer(r[3])),
		Clock: clock.Time(integer(r[4])),
	}
	t.state.Epoch, err = schema.IDFromBytes[schema.Epoch](blob(r[1]))
	return err
}

func (t *tx) saveState() error {
	s := &t.state
	return t.exec(`UPDATE campaign_state SET revision = ?, position = ?, clock = ? WHERE no = ?`,
		int64(s.Revision), int64(s.Position), int64(s.Clock), t.campaign)
}

func (t *tx) State() *store.State { return &t.state }

// Author finds a device's chain, or the place for one.
func (t *tx) Author(device schema.DeviceID) (*store.Author, error) {
	var r [4]driver.Value
	found, err := t.row(`SELECT no, seq, hash, clock FROM author
		WHERE campaign_no = ? AND device_id = ?`, r[:], t.campaign, device[:])
	if err != nil {
		return nil, err
	}
	a := &store.Author{
		Number: uint32(integer(r[0])), Device: device,
		Head: chain.Head{Seq: uint64(integer(r[1]))}, Clock: clock.Time(integer(r[3])),
	}
	if found {
		copy(a.Head.Hash[:], blob(r[2]))
		return a, nil
	}
	var top [1]driver.Value
	if _, err := t.row(`SELECT ifnull(max(no), 0) FROM author WHERE campaign_no = ?`,
		top[:], t.campaign); err != nil {
		return nil, err
	}
	a.Number = uint32(integer(top[0])) + 1
	return a, nil
}

func (t *tx) SaveAuthor(a *store.Author) error {
	return t.exec(`INSERT INTO author (campaign_no, no, device_id, seq, hash, clock)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (campaign_no, no)
		DO UPDATE SET seq = excluded.seq, hash = excluded.hash, clock = excluded.clock`,
		t.campaign, int64(a.Number), a.Device[:], int64(a.Head.Seq), a.Head.Hash[:], int64(a.Clock))
}

func (t *tx) Device(author uint32) (schema.DeviceID, bool, error) {
	device, known := t.authors[author]
	if known || author == 0 {
		return device, author == store.HQAuthor, nil
	}
	var r [1]driver.Value
	_, err := t.row(`SELECT device_id FROM author WHERE campaign_no = ? AND no = ?`,
		r[:], t.campaign, int64(author))
	copy(device[:], blob(r[0]))
	t.authors[author] = device
	return device, author == store.HQAuthor, err
}

func (t *tx) TeamScope(team schema.TeamID) (merge.Scope, error) {
	if scope, ok := t.scopes[team]; ok {
		return scope, nil
	}
	var r [1]driver.Value
	found, err := t.row(`SELECT no FROM scope WHERE campaign_no = ? AND team_id = ?`,
		r[:], t.campaign, team[:])
	if err == nil && !found {
		if _, err = t.row(`SELECT ifnull(max(no), 1) + 1 FROM scope WHERE campaign_no = ?`,
			r[:], t.campaign); err == nil {
			err = t.exec(`INSERT INTO scope (campaign_no, no, team_id) VALUES (?, ?, ?)`,
				t.campaign, r[0], team[:])
		}
	}
	scope := merge.Scope(integer(r[0]))
	t.scopes[team] = scope
	return scope, err
}

// Rights reads what a device may do from the campaign's rows.
func (t *tx) Rights(device schema.DeviceID) (store.Rights, error) {
	var r [3]driver.Value
	found, err := t.row(`SELECT public_key, inspector_id, revoked_at FROM device
		WHERE campaign_no = ? AND id = ?`, r[:], t.campaign, device[:])
	if err != nil || !found {
		return store.Rights{}, err
	}
	rights := store.Rights{Known: true, PublicKey: blob(r[0]), Revoked: r[2] != nil}
	copy(rights.Inspector[:], blob(r[1]))
	var teams []schema.TeamID
	var team [1]driver.Value
	err = t.each(`SELECT team_id FROM team_member
		WHERE campaign_no = ? AND inspector_id = ? AND left_at IS NULL`, team[:], func() error {
		teams = append(teams, schema.TeamID(blob(team[0])))
		return nil
	}, t.campaign, rights.Inspector[:])
	for _, id := range teams {
		if err != nil {
			break
		}
		var scope merge.Scope
		scope, err = t.TeamScope(id)
		rights.Scopes = append(rights.Scopes, scope)
	}
	return rights, err
}
