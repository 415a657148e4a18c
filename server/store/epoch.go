package store

import (
	"context"
	"fmt"

	"sansuiji/schema"
)

// Epochs lists the campaign's epochs in the order in which they began.
func (t *Tx) Epochs() ([]EpochBegin, error) {
	found, err := t.session.Ask(`SELECT epoch, began, revision FROM epoch
		WHERE campaign_no = $1 ORDER BY began`, number(t.campaign))
	if err != nil {
		return nil, fmt.Errorf("list epochs: %w", err)
	}
	list := make([]EpochBegin, len(found))
	for i, f := range found {
		list[i] = EpochBegin{Position: f[1].Bits, Revision: f[2].Bits}
		copy(list[i].Epoch[:], f[0].Bytes)
	}
	return list, nil
}

// Epochs lists the campaign's epochs in the order in which they began.
func (v *View) Epochs(ctx context.Context) ([]EpochBegin, error) {
	return List(ctx, v, func(row Scanner) (e EpochBegin, err error) {
		var epoch []byte
		err = row.Scan(&epoch, &e.Position, &e.Revision)
		copy(e.Epoch[:], epoch)
		return e, err
	}, `SELECT epoch, began, revision FROM epoch WHERE campaign_no = $1 ORDER BY began`, v.CampaignNo)
}

// BeginEpoch begins a new epoch with the next entry.
func (t *Tx) BeginEpoch(epoch schema.Epoch) error {
	_, err := t.session.Ask(`INSERT INTO epoch (campaign_no, began, epoch, revision)
		VALUES ($1, $2, $3, $4) ON CONFLICT (campaign_no, began) DO UPDATE SET epoch = excluded.epoch`,
		number(t.campaign), number(t.state.Position), blob(epoch[:]), number(t.state.Revision))
	if err != nil {
		return fmt.Errorf("begin epoch: %w", err)
	}
	t.state.Epoch = epoch
	return nil
}

// EpochHead says that a state of an epoch had a device's entries up to a seq.
type EpochHead struct {
	Epoch    schema.Epoch
	Revision uint64
	Device   schema.DeviceID
	Seq      uint64
}

var addEpochHeads = &Statement{
	Verb: Add, Table: "epoch_head",
	Keys: []Field{
		{"epoch", schema.ID},
		{"device_id", schema.ID},
		{"seq", schema.Integer},
		{"revision", schema.Integer},
	},
}

// AddEpochHeads keeps what devices saw of epochs that ended.
func (t *Tx) AddEpochHeads(heads []EpochHead) error {
	rows := NewRows(len(addEpochHeads.Keys))
	for i := range heads {
		h := &heads[i]
		rows.Add(blob(h.Epoch[:]), blob(h.Device[:]), number(h.Seq), number(h.Revision))
	}
	_, err := t.run(addEpochHeads, rows)
	return err
}

// EpochHeads says what a state of an epoch had of each device, as far as is known.
func (t *Tx) EpochHeads(epoch schema.Epoch, revision uint64) (map[schema.DeviceID]uint64, error) {
	found, err := t.session.Ask(`SELECT device_id, max(seq) FROM epoch_head
		WHERE campaign_no = $1 AND epoch = $2 AND revision <= $3 GROUP BY device_id`,
		number(t.campaign), blob(epoch[:]), number(revision))
	if err != nil {
		return nil, fmt.Errorf("find heads of an epoch: %w", err)
	}
	heads := make(map[schema.DeviceID]uint64, len(found))
	for _, f := range found {
		heads[schema.DeviceID(f[0].Bytes)] = f[1].Bits
	}
	return heads, nil
}
