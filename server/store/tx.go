package store

import (
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/failpoint"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/mutant"
)

// Tx is a change of one campaign under way. It reads each row once and writes
// each row once, many at a time, whatever engine it stands on: what the rules
// ask for is kept in memory until Flush.
type Tx struct {
	Points failpoint.Points // an engine sets it

	catalogue  *schema.Catalogue
	session    Session
	statements *Statements
	campaign   int64 // campaign_no
	state      State
	log        log

	rows     map[merge.RowRef]*row
	newest   *row  // asked for
	rowRoom  []row // for those to come
	dirty    []*row
	stamps   []merge.Stamp // room for those handed out
	packed   []byte        // stamps of one row
	contests map[contestKey]*contest
	disputed []*contest // to be written
	renamed  []contestName
	changes  map[merge.Scope]*changes

	records []*Record // appended and not written
	seals   *Rows
	asides  *Rows
	holds   *Rows
	waiting *bool // whether any entry is held

	chains  map[schema.DeviceID]*Author
	authors map[uint32]schema.DeviceID
	lastNo  uint32 // of the authors, once counted
	counted bool
	grown   []*Author
	scopes  map[schema.TeamID]merge.Scope
	rights  map[schema.DeviceID]Rights
}

// rowsMax is how many changed rows are kept in memory before they are written.
const rowsMax = 20_000

// Begin starts a change of a campaign in an engine's transaction.
func Begin(
	session Session, statements *Statements, catalogue *schema.Catalogue,
	campaign schema.CampaignID,
) (*Tx, error) {
	t := &Tx{
		catalogue: catalogue, session: session, statements: statements,
		rows: map[merge.RowRef]*row{}, contests: map[contestKey]*contest{},
		changes: map[merge.Scope]*changes{},
		seals:   NewRows(3), asides: NewRows(7), holds: NewRows(3),
		chains: map[schema.DeviceID]*Author{}, authors: map[uint32]schema.DeviceID{},
		scopes: map[schema.TeamID]merge.Scope{}, rights: map[schema.DeviceID]Rights{},
	}
	return t, t.load(campaign)
}

func (t *Tx) load(campaign schema.CampaignID) error {
	found, err := t.session.Ask(`SELECT no, epoch, revision, position, clock, backed_up, schema, log
		FROM campaign_state WHERE campaign_id = $1`+t.session.Locking(), blob(campaign[:]))
	if err == nil && len(found) == 0 {
		err = NoCampaign(campaign)
	}
	if err != nil {
		return err
	}
	r := found[0]
	t.campaign = r[0].Int64()
	t.state = State{
		Campaign: campaign, Revision: r[2].Bits, Position: r[3].Bits, Clock: clock.Time(r[4].Bits),
		BackedUp: r[5].Bits, Schema: int(r[6].Int64()),
	}
	if t.state.Epoch, err = schema.IDFromBytes[schema.Epoch](r[1].Bytes); err != nil {
		return err
	}
	return t.loadLog(r[7].Bytes)
}

// State is the campaign's counters, to be read and advanced.
func (t *Tx) State() *State { return &t.state }

// run runs a statement if there are rows for it, which nobody may look at after it.
func (t *Tx) run(s *Statement, rows *Rows) (Packed, error) {
	defer t.statements.used(rows)
	if rows.Count == 0 {
		return nil, nil
	}
	return t.session.Run(t.campaign, s, rows)
}

// find runs a Select for one key and reads what it finds, keys left out.
func (t *Tx) find(s *Statement, key ...changeset.Value) ([][]changeset.Value, error) {
	rows := NewRows(len(key))
	rows.Add(key...)
	packed, err := t.run(s, rows)
	if err != nil {
		return nil, err
	}
	var list [][]changeset.Value
	for {
		values := make([]changeset.Value, len(key)+len(s.Fields))
		more, err := packed.Next(values)
		if err != nil || !more {
			return list, err
		}
		list = append(list, values[len(key):])
	}
}

// Flush writes all that is kept in memory.
func (t *Tx) Flush() error {
	for _, part := range []struct {
		point string
		write func() error
	}{
		{"flush.rows", t.flushRows},
		{"flush.contests", t.flushContests},
		{"flush.history", t.flushHistory},
		{"flush.tiles", t.flushTiles},
		{"flush.authors", t.flushAuthors},
		{"flush.changes", t.flushChanges},
		{"flush.state", t.flushState},
	} {
		if err := part.write(); err != nil {
			return err
		}
		t.Points.Hit(part.point)
	}
	return nil
}

func (t *Tx) flushState() error {
	s := &t.state
	_, err := t.session.Ask(`UPDATE campaign_state SET epoch = $1, revision = $2, position = $3,
		clock = $4, backed_up = $5, schema = $6, log = $7 WHERE no = $8`, blob(s.Epoch[:]),
		number(s.Revision), number(s.Position), number(s.Clock), number(s.BackedUp),
		number(int64(s.Schema)), t.log.edgeValue(), number(t.campaign))
	return err
}

var (
	authorFields = []Field{
		{"no", schema.Integer},
		{"seq", schema.Integer},
		{"hash", schema.Bytes},
		{"clock", schema.Integer},
		{"named", schema.Integer},
		{"revision", schema.Integer},
	}
	findAuthor = &Statement{
		Verb: Select, Table: "author", Keys: []Field{{"device_id", schema.ID}}, Fields: authorFields,
	}
	findDevice = &Statement{
		Verb: Select, Table: "author", Keys: []Field{{"no", schema.Integer}},
		Fields: []Field{{"device_id", schema.ID}},
	}
	putAuthor = &Statement{
		Verb: Put, Table: "author", Keys: []Field{{"no", schema.Integer}},
		Fields: []Field{
			{"device_id", schema.ID},
			{"seq", schema.Integer},
			{"hash", schema.Bytes},
			{"clock", schema.Integer},
			{"named", schema.Integer},
			{"revision", schema.Integer},
		},
	}
)

// Author finds a device's chain, or one with seq 0 under the next number, which
// is only taken when the author is saved.
func (t *Tx) Author(device schema.DeviceID) (*Author, error) {
	if a, ok := t.chains[device]; ok {
		return a, nil
	}
	found, err := t.find(findAuthor, blob(device[:]))
	if err != nil {
		return nil, err
	}
	a := &Author{Device: device}
	if len(found) > 0 {
		f := found[0]
		a.Number, a.Head.Seq, a.Clock = uint32(f[0].Bits), f[1].Bits, clock.Time(f[3].Bits)
		a.Named, a.Revision = f[4].Bits, f[5].Bits
		copy(a.Head.Hash[:], f[2].Bytes)
		t.chains[device] = a
		return a, nil
	}
	if !t.counted && (t.lastNo == 0 || !mutant.On(mutant.AuthorNumberTaken)) {
		top, err := t.session.Ask(`SELECT coalesce(max(no), 0) FROM author WHERE campaign_no = $1`,
			number(t.campaign))
		if err != nil {
			return nil, err
		}
		t.lastNo, t.counted = uint32(top[0][0].Bits), true
	}
	a.Number = t.lastNo + 1
	return a, nil
}

// SaveAuthor keeps a head and clock.
func (t *Tx) SaveAuthor(a *Author) error {
	if t.counted || mutant.On(mutant.AuthorNumberTaken) { // else no author is new
		t.lastNo = max(t.lastNo, a.Number)
	}
	if !a.unsaved {
		a.unsaved = true
		t.grown = append(t.grown, a)
	}
	t.chains[a.Device], t.authors[a.Number] = a, a.Device
	return nil
}

func (t *Tx) flushAuthors() error {
	rows := NewRows(1 + len(putAuthor.Fields))
	for _, a := range t.grown {
		a.unsaved = false
		rows.Add(number(a.Number), blob(a.Device[:]), number(a.Head.Seq), blob(a.Head.Hash[:]),
			number(a.Clock), number(a.Named), number(a.Revision))
	}
	t.grown = t.grown[:0]
	_, err := t.run(putAuthor, rows)
	return err
}

// Device tells whose an author's number is.
func (t *Tx) Device(author uint32) (schema.DeviceID, bool, error) {
	device, known := t.authors[author]
	if known || author == 0 {
		return device, author == HQAuthor, nil
	}
	found, err := t.find(findDevice, number(author))
	if err != nil {
		return device, false, err
	}
	if len(found) > 0 {
		copy(device[:], found[0][0].Bytes)
	}
	t.authors[author] = device
	return device, author == HQAuthor, nil
}

// TeamScope is the scope of a team.
func (t *Tx) TeamScope(team schema.TeamID) (merge.Scope, error) {
	if scope, ok := t.scopes[team]; ok {
		return scope, nil
	}
	key := blob(team[:])
	found, err := t.session.Ask(`SELECT no FROM scope WHERE campaign_no = $1 AND team_id = $2`,
		number(t.campaign), key)
	if err == nil && len(found) == 0 {
		if found, err = t.session.Ask(`SELECT coalesce(max(no), 1) + 1 FROM scope WHERE campaign_no = $1`,
			number(t.campaign)); err == nil {
			_, err = t.session.Ask(`INSERT INTO scope (campaign_no, no, team_id) VALUES ($1, $2, $3)`,
				number(t.campaign), found[0][0], key)
		}
	}
	if err != nil {
		return 0, fmt.Errorf("find scope of team %s: %w", team, err)
	}
	t.scopes[team] = merge.Scope(found[0][0].Int64())
	return t.scopes[team], nil
}

// Rights reads what a device may do from the campaign's rows.
func (t *Tx) Rights(device schema.DeviceID) (Rights, error) {
	if rights, ok := t.rights[device]; ok {
		return rights, nil
	}
	if err := t.flushRows(); err != nil { // the query does not see what is in memory
		return Rights{}, err
	}
	found, err := t.session.Ask(`SELECT public_key, inspector_id, revoked_at FROM device
		WHERE campaign_no = $1 AND id = $2`, number(t.campaign), blob(device[:]))
	if err != nil || len(found) == 0 {
		return Rights{}, err
	}
	f := found[0]
	rights := Rights{Known: true, PublicKey: f[0].Bytes, Revoked: f[2].Kind != changeset.Null}
	copy(rights.Inspector[:], f[1].Bytes)
	teams, err := t.session.Ask(`SELECT team_id FROM team_member
		WHERE campaign_no = $1 AND inspector_id = $2 AND left_at IS NULL ORDER BY id`,
		number(t.campaign), blob(rights.Inspector[:]))
	if err != nil {
		return rights, err
	}
	for _, team := range teams {
		scope, err := t.TeamScope(schema.TeamID(team[0].Bytes))
		if err != nil {
			return rights, err
		}
		rights.Scopes = append(rights.Scopes, scope)
	}
	t.rights[device] = rights
	return rights, nil
}

// KeepAside keeps bytes for inspection, up to a bound for each device.
func (t *Tx) KeepAside(a *Aside) error {
	if err := t.flushHistory(); err != nil {
		return err
	}
	kept, err := t.session.Ask(`SELECT coalesce(sum(length(body)), 0) FROM aside
		WHERE campaign_no = $1 AND device_id = $2`, number(t.campaign), blob(a.Device[:]))
	if err != nil {
		return err
	}
	if kept[0][0].Int64()+int64(len(a.Body)) > asideBytesMax {
		return nil
	}
	t.asides.Add(blob(a.Device[:]), blob(a.Hash[:]), number(a.Seq), changeset.TextValue(a.Reason),
		legible(a.Detail), blob(a.Body), number(a.ReceivedAt))
	return nil
}

// asideBytesMax is how much is kept aside of one device, so that a hostile one
// cannot fill the disk. What is over it is refused all the same, and still on the
// device.
const asideBytesMax = 256 << 20
