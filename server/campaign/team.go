package campaign

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/uuid"
)

// TeamState is a team as it stands.
type TeamState struct {
	ID      string `json:"id" format:"uuid"`
	Number  int64  `json:"number"`
	Name    string `json:"name"`
	Members int    `json:"members" doc:"Who is in it now"`
	Visits  int    `json:"visits" doc:"Units that it has not left yet"`
}

// Placement is where somebody works from now on.
type Placement struct {
	Team string `json:"team" doc:"Its id; empty: in none"`
	Role string `json:"role" enum:"leader,member"`
}

// NewInspector is somebody who joins a campaign.
type NewInspector struct {
	Name         string `json:"name" minLength:"1" maxLength:"100"`
	Organisation string `json:"organisation" maxLength:"200"`
	Placement
}

// Teams lists a campaign's teams by number.
func (s *Service) Teams(ctx context.Context, campaign schema.CampaignID) (list []TeamState, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, func(row store.Scanner) (t TeamState, err error) {
			var id []byte
			if err := row.Scan(&id, &t.Number, &t.Name, &t.Members, &t.Visits); err != nil {
				return t, err
			}
			t.ID = uuid.UUID(id).String()
			return t, nil
		}, `SELECT t.id, t.number, t.name,
			(SELECT count(*) FROM team_member m WHERE m.campaign_no = t.campaign_no AND m.team_id = t.id AND m.left_at IS NULL),
			(SELECT count(*) FROM visit v WHERE v.campaign_no = t.campaign_no AND v.team_id = t.id AND v.status IN ('planned', 'arrived'))
			FROM team t WHERE t.campaign_no = $1 ORDER BY t.number, t.id`, v.CampaignNo)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	return list, nil
}

// AddInspector adds somebody to a campaign, in a team or in none yet.
func (s *Service) AddInspector(
	ctx context.Context, campaign schema.CampaignID, n NewInspector,
) (id schema.RowID, err error) {
	id = schema.NewRowID()
	n.Name, n.Organisation = strings.TrimSpace(n.Name), strings.TrimSpace(n.Organisation)
	for _, text := range []string{n.Name, n.Organisation} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return id, schema.NewFault(schema.FaultValue, "text")
		}
	}
	if n.Name == "" {
		return id, schema.NewFault(schema.FaultValue, "name: blank")
	}
	return id, s.write(ctx, campaign, "inspector", func(v store.View, b *edit.Builder) error {
		b.Insert("inspector", id, edit.Cells{"name": edit.Text(n.Name), "organisation": words(n.Organisation)})
		return s.place(ctx, v, b, id, n.Placement)
	})
}

// PlaceInspector moves somebody to a team, or out of all. The phone gets the new team's
// rows and gives up the old one's with its next pull; what it wrote there and has not
// sent by then is set aside for a person to decide.
func (s *Service) PlaceInspector(
	ctx context.Context, campaign schema.CampaignID, inspector schema.RowID, p Placement,
) error {
	return s.write(ctx, campaign, "inspector", func(v store.View, b *edit.Builder) error {
		if err := present(ctx, v, "inspector", inspector); err != nil {
			return err
		}
		return s.place(ctx, v, b, inspector, p)
	})
}

// membership is that somebody is in a team, or was.
type membership struct {
	id, team schema.RowID
	role     string
	leftAt   *int64
}

func (s *Service) place(
	ctx context.Context, v store.View, b *edit.Builder, inspector schema.RowID, p Placement,
) error {
	team, err := p.team(ctx, v)
	if err != nil {
		return err
	}
	list, err := memberships(ctx, v, inspector)
	if err != nil {
		return err
	}
	now, was := edit.Int(s.Ingest.Now().UnixMilli()), false
	for i := range list {
		m := &list[i]
		have := edit.Cells{"role": edit.Text(m.role), "left_at": moment(m.leftAt)}
		want := have
		switch {
		case m.team == team:
			was, want = true, edit.Cells{"role": edit.Text(p.Role), "left_at": changeset.NullValue()}
		case m.leftAt == nil:
			want = edit.Cells{"left_at": now}
		}
		if before, after := differing(have, want); len(after) > 0 {
			b.Update("team_member", m.id, before, after)
		}
	}
	if p.Team != "" && !was {
		b.Insert("team_member", schema.NaturalRowID("team_member", team, inspector), edit.Cells{
			"team_id": edit.ID(team), "inspector_id": edit.ID(inspector), "role": edit.Text(p.Role),
		})
	}
	return nil
}

// team is the id of the one named, zero for none.
func (p Placement) team(ctx context.Context, v store.View) (id schema.RowID, err error) {
	if p.Team == "" {
		return id, nil
	}
	if id, err = schema.ParseID[schema.RowID](p.Team); err != nil {
		return id, schema.NewFault(schema.FaultValue, "team: "+err.Error())
	}
	return id, present(ctx, v, "team", id)
}

func memberships(ctx context.Context, v store.View, inspector schema.RowID) ([]membership, error) {
	return store.List(ctx, v, func(row store.Scanner) (m membership, err error) {
		var id, team []byte
		if err := row.Scan(&id, &team, &m.role, &m.leftAt); err != nil {
			return m, err
		}
		copy(m.id[:], id)
		copy(m.team[:], team)
		return m, nil
	}, `SELECT id, team_id, role, left_at FROM team_member
		WHERE campaign_no = $1 AND inspector_id = $2 ORDER BY id`, v.CampaignNo, inspector[:])
}

// present wants a row to be there. The table is ours, not a person's word.
func present(ctx context.Context, v store.View, table string, id schema.RowID) error {
	var n int
	err := v.QueryRowContext(ctx, "SELECT count(*) FROM "+table+" WHERE campaign_no = $1 AND id = $2",
		v.CampaignNo, id[:]).Scan(&n)
	if err == nil && n == 0 {
		err = schema.NewFault(schema.FaultNotFound, table+" "+id.String())
	}
	return err
}
