package device

import (
	"context"
	"database/sql/driver"
	"fmt"

	"sansuiji/mobileapi"
	"sansuiji/schema"
)

// pushCarried sends colleagues' entries that headquarters has not acknowledged,
// and counts them. What headquarters does not take stays here with the reason.
func (d *Device) pushCarried(ctx context.Context) (int, error) {
	authors, err := d.carriedAuthors()
	if err != nil {
		return 0, fmt.Errorf("push carried: %w", err)
	}
	sum := 0
	for _, author := range authors {
		n, err := d.pushAuthor(ctx, author)
		sum += n
		if err != nil {
			return sum, fmt.Errorf("push carried of %s: %w", author, err)
		}
	}
	return sum, nil
}

// carriedAuthors are those with entries that wait, and, where headquarters makes
// backups at all, those with entries that may be in one by now.
func (d *Device) carriedAuthors() (authors []schema.DeviceID, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	err = d.db.each(`SELECT DISTINCT device_id FROM carried WHERE state = 'waiting'
		OR EXISTS (SELECT 1 FROM device_state WHERE name = 'backed_up')`, func(row []driver.Value) error {
		var author []byte
		err := scan(&author)(row)
		authors = append(authors, schema.DeviceID(author))
		return err
	})
	return authors, err
}

func (d *Device) pushAuthor(ctx context.Context, author schema.DeviceID) (sum int, err error) {
	for rewinds := 0; rewinds <= rewindsMax; {
		run, err := d.carriedRun(author)
		if err != nil || (len(run.entries) == 0 && sum > 0) {
			return sum, err
		}
		rewound, err := d.pushCarriedRun(ctx, author, run)
		switch code := schema.FaultCode(err); {
		case err == nil && rewound:
			rewinds++
		case err == nil && len(run.entries) == 0:
			return sum, nil
		case err == nil:
			sum += len(run.entries)
		case code == schema.FaultGap && len(run.entries) > 0:
			rewinds++
			// Somebody else has what comes before: these wait until it has arrived.
			if rewound, err := d.pushCarriedRun(ctx, author, carriedRun{}); err != nil || !rewound {
				return sum, err
			}
		case code == schema.FaultForbidden:
			return sum, nil // the author enrolled after the backup, and will again
		case refusesRun(code) && len(run.entries) > 0:
			if err := d.refuse(author, run.entries, code); err != nil {
				return sum, err
			}
		default:
			return sum, err
		}
	}
	return sum, nil
}

// refusesRun says whether a fault is of the entries, so that sending them again
// does not help.
func refusesRun(code string) bool {
	switch code {
	case schema.FaultSignature, schema.FaultChainBroken, schema.FaultFork, schema.FaultBadRequest,
		schema.FaultNotYourChain, schema.FaultWrongCampaign:
		return true
	}
	return false
}

// carriedRun is a run of an author's entries that ends where the author signed.
type carriedRun struct {
	entries   []Entry
	signature []byte
}

// carriedRun is the oldest run that waits; without entries if there is none.
func (d *Device) carriedRun(author schema.DeviceID) (run carriedRun, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	var first, last int64
	found, err := d.db.row(`SELECT (SELECT min(seq) FROM carried WHERE device_id = ?1 AND state = 'waiting')
		AS first, s.seq, s.signature FROM carried_seal s
		WHERE s.device_id = ?1 AND s.seq >= first ORDER BY s.seq LIMIT 1`,
		scan(&first, &last, &run.signature), id(author))
	if err != nil || !found {
		return run, err
	}
	err = d.db.each("SELECT seq, hash, entry FROM carried WHERE device_id = ? AND seq BETWEEN ? AND ?",
		func(row []driver.Value) error {
			var e Entry
			var hash []byte
			err := scan(&e.Seq, &hash, &e.Bytes)(row)
			copy(e.Hash[:], hash)
			run.entries = append(run.entries, e)
			return err
		}, id(author), first, last)
	return run, err
}

// pushCarriedRun sends a run, which may be empty, and writes down the answer.
// True when older entries wait again.
func (d *Device) pushCarriedRun(
	ctx context.Context, author schema.DeviceID, run carriedRun,
) (rewound bool, err error) {
	request, err := d.carriedRequest(author, run)
	if err != nil {
		return false, err
	}
	answer, err := d.exchange(ctx, request)
	if err != nil {
		return false, err
	}
	err = d.takeAnswer(&request, answer, func() error {
		for i := range answer.Entries {
			if err := d.db.markCarried(author, &answer.Entries[i]); err != nil {
				return err
			}
		}
		n, err := d.db.change(`UPDATE carried SET state = 'waiting', reason = NULL
			WHERE device_id = ? AND seq >= ? AND state NOT IN ('waiting', 'refused')`,
			id(author), int64(answer.Next))
		rewound = n > 0
		if err != nil {
			return err
		}
		return d.db.dropCarried(author, answer.BackedUp)
	})
	return rewound, err
}

func (d *Device) carriedRequest(
	author schema.DeviceID, run carriedRun,
) (request mobileapi.PushRequest, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	who, err := d.identity()
	if err != nil {
		return request, err
	}
	request = mobileapi.PushRequest{
		CampaignID: who.Campaign.String(), DeviceID: author.String(),
		Entries: make([]mobileapi.Octets, len(run.entries)),
	}
	for i := range run.entries {
		request.Entries[i] = run.entries[i].Bytes
	}
	if len(run.entries) > 0 {
		request.Signature = run.signature
	}
	return request, d.addKnowledge(&request)
}

func (b *database) markCarried(author schema.DeviceID, r *schema.EntryReceipt) error {
	state, err := stands(r)
	if err != nil {
		return err
	}
	return b.exec("UPDATE carried SET state = ?, reason = ? WHERE device_id = ? AND seq = ?",
		string(state), orNull(r.Reason), id(author), int64(r.Seq))
}

// dropCarried lets go of entries that headquarters has in a backup.
func (b *database) dropCarried(author schema.DeviceID, upTo uint64) error {
	for _, table := range []string{"carried", "carried_seal"} {
		err := b.exec("DELETE FROM "+table+" WHERE device_id = ? AND seq <= ?", id(author), int64(upTo))
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *Device) refuse(author schema.DeviceID, entries []Entry, code string) error {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.exec(`UPDATE carried SET state = 'refused', reason = ?
		WHERE device_id = ? AND seq BETWEEN ? AND ?`,
		code, id(author), int64(entries[0].Seq), int64(entries[len(entries)-1].Seq))
}
