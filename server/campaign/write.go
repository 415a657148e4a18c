package campaign

import (
	"context"
	"errors"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// roundsMax is how often a change is planned anew because headquarters wrote something
// else meanwhile.
const roundsMax = 20

// errMoved says that headquarters wrote something since the rows were read.
var errMoved = errors.New("headquarters wrote meanwhile")

// write writes what is planned on the rows as they are, as one entry of headquarters. What
// says what it is about, if headquarters never comes to rest.
func (s *Service) write(
	ctx context.Context, campaign schema.CampaignID, what string, plan func(store.View, *edit.Builder) error,
) error {
	for round := 0; ; round++ {
		if err := s.writeOnce(ctx, campaign, plan); !errors.Is(err, errMoved) {
			return err
		}
		if round == roundsMax {
			return schema.NewFault(schema.FaultStale, what)
		}
	}
}

func (s *Service) writeOnce(
	ctx context.Context, campaign schema.CampaignID, plan func(store.View, *edit.Builder) error,
) error {
	var seq uint64
	b := edit.New(s.Ingest.Catalogue)
	if err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		if err := plan(v, b); err != nil {
			return err
		}
		return v.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM author
			WHERE campaign_no = $1 AND device_id = $2`, v.CampaignNo, s.Ingest.Device[:]).Scan(&seq)
	}); err != nil || b.Empty() {
		return err
	}
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	return s.Ingest.Write(ctx, ingest.Edit{
		Campaign: campaign, Seen: ingest.SeenAll, Changeset: bytes,
		Guard: func(tx *store.Tx) error {
			author, err := tx.Author(s.Ingest.Device)
			if err == nil && author.Head.Seq != seq {
				err = errMoved
			}
			return err
		},
	})
}
