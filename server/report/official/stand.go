package official

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report/paper"
	"sansuiji/server/store"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// Stand is the state that a file shows: the newest entry of the history that is more than a
// note of what happened at headquarters, such as that a file was made.
type Stand struct {
	Position int64
	Revision int64  // the campaign's then
	At       int64  // when headquarters took it in, Unix milliseconds
	Epoch    string // of the campaign
}

// StandOf finds the state that files of a view show; without any entry it is the zero one.
func StandOf(ctx context.Context, v store.View) (Stand, error) {
	s := Stand{Epoch: v.State.Epoch.String()}
	err := v.QueryRowContext(ctx, `SELECT h.position, h.revision, h.received_at FROM history h
		WHERE h.campaign_no = $1 AND NOT EXISTS (SELECT 1 FROM event e WHERE e.campaign_no = h.campaign_no
			AND e.kind IN ('exported', 'audited', 'backed_up', 'envelopes') AND e._revision = h.revision AND h.outcome = 'merged' AND h.author = 1)
		ORDER BY h.position DESC LIMIT 1`, v.CampaignNo).Scan(&s.Position, &s.Revision, &s.At)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return s, err
}

// Checkpoint is the log as it was at the stand, as headquarters signs it. ok is false where
// the epoch began later: no checkpoint is of an earlier state than that.
func (s Stand) Checkpoint(ctx context.Context, v store.View) (c translog.Checkpoint, ok bool, err error) {
	c, err = v.Checkpoint(ctx)
	if errors.Is(err, store.ErrNoLog) || err == nil && (s.Position == 0 || c.Began > uint64(s.Position)) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	c.Size, c.Revision = uint64(s.Position), uint64(s.Revision)
	if c.Root, err = tlog.TreeHash(s.Position, v.Hashes(ctx)); err != nil {
		return c, false, fmt.Errorf("hash the log at position %d: %w", s.Position, err)
	}
	return c, true, nil
}

// FileName is a file's name without its ending: what it is, and which state it shows.
func (s Stand) FileName(what string) string {
	name := what
	if s.At > 0 {
		name += "-" + time.UnixMilli(s.At).In(schema.Zone()).Format(time.DateOnly)
	}
	name += fmt.Sprintf("-%d", s.Position)
	return strings.Map(func(r rune) rune {
		if r < 0x20 || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, paper.Clean(name))
}
