package report

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/report/docx"
	"sansuiji/server/report/official"
	"sansuiji/server/report/paper"
	"sansuiji/server/report/template"
	"sansuiji/server/store"
)

// Templates keeps offices' own wordings of documents, every version of them.
type Templates struct {
	Store store.Store
	Now   func() time.Time
}

// TemplateVersion is a version of a template.
type TemplateVersion struct {
	ID          string `json:"id" format:"uuid"`
	Kind        string `json:"kind" doc:"Of document"`
	Name        string `json:"name"`
	Version     int64  `json:"version"`
	Size        int64  `json:"size"`
	MadeBy      string `json:"made_by"`
	MadeAt      int64  `json:"made_at" doc:"Unix milliseconds"`
	WithdrawnAt *int64 `json:"withdrawn_at,omitempty"`
}

// TemplateUpload is a template that somebody brings.
type TemplateUpload struct {
	Kind     string `json:"kind" enum:"inspection,feedback,visit,progress,ranking"`
	Name     string `json:"name" maxLength:"100" doc:"What people know it by; empty: that of the version before"`
	Template string `json:"template,omitempty" format:"uuid" doc:"Whose next version it is; none: a new template"`
	File     []byte `json:"file" doc:"DOCX"`
}

// TemplateTaken is what came of an upload: with mistakes nothing is kept.
type TemplateTaken struct {
	Kept     *TemplateVersion  `json:"kept,omitempty"`
	Mistakes template.Mistakes `json:"mistakes"`
}

const (
	// versionsMax is how many versions of all templates a campaign has at most.
	versionsMax = 300
	nameMax     = 100
)

const selectTemplates = `SELECT id, kind, name, version, length(bytes), made_by, made_at, withdrawn_at FROM report_template WHERE campaign_no = $1`

func scanTemplate(row store.Scanner) (t TemplateVersion, err error) {
	var id []byte
	var withdrawn sql.NullInt64
	if err := row.Scan(&id, &t.Kind, &t.Name, &t.Version, &t.Size, &t.MadeBy, &t.MadeAt, &withdrawn); err != nil {
		return t, err
	}
	key, err := schema.IDFromBytes[schema.RowID](id)
	t.ID = key.String()
	if withdrawn.Valid {
		t.WithdrawnAt = &withdrawn.Int64
	}
	return t, err
}

// List lists all versions: templates by kind and name, the newest version first.
func (s *Templates) List(ctx context.Context, campaign schema.CampaignID) (list []TemplateVersion, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, scanTemplate, selectTemplates+" ORDER BY kind, name, id, version DESC", v.CampaignNo)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	return list, nil
}

// Put checks a template and keeps it as a version, if nothing is wrong with it.
func (s *Templates) Put(ctx context.Context, campaign schema.CampaignID, in *TemplateUpload, by string) (taken TemplateTaken, err error) {
	if err := in.check(); err != nil {
		return taken, err
	}
	taken.Mistakes = check(in.Kind, in.File)
	if len(taken.Mistakes.Fatal()) > 0 {
		return taken, nil
	}
	err = s.Store.Office(ctx, func(q store.Queryer) error {
		taken.Kept, err = s.insert(ctx, q, campaign, in, by)
		return err
	})
	if err != nil {
		return taken, fmt.Errorf("keep template %s: %w", in.Name, err)
	}
	return taken, nil
}

func (in *TemplateUpload) check() error {
	switch {
	case !isKind(official.Kinds(), in.Kind):
		return schema.NewFault(schema.FaultValue, "kind: "+in.Kind)
	case !utf8.ValidString(in.Name), len([]rune(in.Name)) > nameMax, in.Name != paper.Clean(in.Name):
		return schema.NewFault(schema.FaultValue, "name")
	case in.Name == "" && in.Template == "":
		return schema.NewFault(schema.FaultValue, "name: a new template needs one")
	}
	return nil
}

// check says what is wrong with a template of a kind.
func check(kind string, file []byte) template.Mistakes {
	t, err := template.Read(file)
	var wrong template.Mistakes
	if errors.As(err, &wrong) {
		return wrong
	}
	return t.Check(official.Vocabulary(kind))
}

// insert adds a version; what came before says its number.
func (s *Templates) insert(
	ctx context.Context, q store.Queryer, campaign schema.CampaignID, in *TemplateUpload, by string,
) (*TemplateVersion, error) {
	var number int64
	err := q.QueryRowContext(ctx, `SELECT no FROM campaign_state WHERE campaign_id = $1`, campaign[:]).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, schema.NewFault(schema.FaultNotFound, campaign.String())
	}
	if err != nil {
		return nil, err
	}
	list, err := store.List(ctx, q, scanTemplate, selectTemplates+" ORDER BY version", number)
	if err != nil {
		return nil, err
	}
	if len(list) >= versionsMax {
		return nil, schema.NewFault(schema.FaultTooMany, "versions of templates")
	}
	t := TemplateVersion{Kind: in.Kind, Name: in.Name, Size: int64(len(in.File)), MadeBy: by, MadeAt: s.Now().UnixMilli(), Version: 1}
	id := schema.NewRowID()
	if in.Template != "" {
		if id, err = parseTemplate(in.Template); err != nil {
			return nil, err
		}
		if err := t.follow(list, id); err != nil {
			return nil, err
		}
	}
	t.ID = id.String()
	_, err = q.ExecContext(ctx, `INSERT INTO report_template (campaign_no, id, kind, name, version, bytes, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, number, id[:], t.Kind, t.Name, t.Version, in.File, t.MadeBy, t.MadeAt)
	return &t, err
}

func parseTemplate(text string) (schema.RowID, error) {
	id, err := schema.ParseID[schema.RowID](text)
	if err != nil {
		err = schema.NewFault(schema.FaultNotFound, "template "+text)
	}
	return id, err
}

// follow makes a version the next one of a template.
func (t *TemplateVersion) follow(list []TemplateVersion, id schema.RowID) error {
	found := false
	for i := range list {
		before := &list[i]
		if before.ID != id.String() {
			continue
		}
		if before.Kind != t.Kind {
			return schema.NewFault(schema.FaultTemplate, before.Name+" is of another kind of document")
		}
		found, t.Version = true, before.Version+1
		if t.Name == "" {
			t.Name = before.Name
		}
	}
	if !found {
		return schema.NewFault(schema.FaultNotFound, "template "+id.String())
	}
	return nil
}

// Withdraw takes a version out of use. Documents that were made with it stay.
func (s *Templates) Withdraw(ctx context.Context, campaign schema.CampaignID, id schema.RowID, version int64) error {
	err := s.Store.Office(ctx, func(q store.Queryer) error {
		result, err := q.ExecContext(ctx, `UPDATE report_template SET withdrawn_at = coalesce(withdrawn_at, $1)
			WHERE id = $2 AND version = $3 AND campaign_no = (SELECT no FROM campaign_state WHERE campaign_id = $4)`,
			s.Now().UnixMilli(), id[:], version, campaign[:])
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return schema.NewFault(schema.FaultNotFound, fmt.Sprintf("version %d of template %s", version, id))
	})
	if err != nil {
		return fmt.Errorf("withdraw template: %w", err)
	}
	return nil
}

// Open reads a version as it was brought; 0 is the newest that is in use.
func (s *Templates) Open(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, version int64,
) (t TemplateVersion, file []byte, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		t, file, err = openTemplate(ctx, v, id, version)
		return err
	})
	if err != nil {
		return t, nil, fmt.Errorf("open template: %w", err)
	}
	return t, file, nil
}

func openTemplate(ctx context.Context, v store.View, id schema.RowID, version int64) (t TemplateVersion, file []byte, err error) {
	where, args := " AND id = $2 AND withdrawn_at IS NULL", []any{v.CampaignNo, id[:]}
	if version > 0 {
		where, args = " AND id = $2 AND version = $3", append(args, version)
	}
	list, err := store.List(ctx, v, scanTemplate, selectTemplates+where+" ORDER BY version DESC LIMIT 1", args...)
	if err != nil {
		return t, nil, err
	}
	if len(list) == 0 {
		return t, nil, schema.NewFault(schema.FaultNotFound, fmt.Sprintf("version %d of template %s", version, id))
	}
	err = v.QueryRowContext(ctx, `SELECT bytes FROM report_template WHERE campaign_no = $1 AND id = $2 AND version = $3`,
		v.CampaignNo, id[:], list[0].Version).Scan(&file)
	return list[0], file, err
}

// StandardTemplate is the template that comes with the program, to be edited.
func StandardTemplate(ctx context.Context, kind string, english bool) (name string, file []byte, err error) {
	c, err := documentKind(kind)
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	err = docx.Write(ctx, &b, official.Standard(kind, english), paper.Printing{})
	return official.StandardName(c, english) + "." + DOCX, b.Bytes(), err
}

// TemplatePlaces is the list of all that templates of a kind can name, as a document.
func TemplatePlaces(ctx context.Context, kind string, english bool) (name string, file []byte, err error) {
	c, err := documentKind(kind)
	if err != nil {
		return "", nil, err
	}
	title := c.Label.Zh + "模板可用位置表"
	if english {
		title = "Places in templates: " + c.Label.En
	}
	var b bytes.Buffer
	err = docx.Write(ctx, &b, template.Listed(title, official.Vocabulary(kind), english), paper.Printing{})
	return title + "." + DOCX, b.Bytes(), err
}

func documentKind(kind string) (schema.Choice, error) {
	i := slices.IndexFunc(official.Kinds(), func(c schema.Choice) bool { return c.Code == kind })
	if i < 0 {
		return schema.Choice{}, schema.NewFault(schema.FaultNotFound, "kind "+kind)
	}
	return official.Kinds()[i], nil
}

// ReadTemplate reads a template that is not kept, for one document of a kind.
func ReadTemplate(kind string, file []byte) (*template.Template, template.Mistakes) {
	if wrong := check(kind, file).Fatal(); len(wrong) > 0 {
		return nil, wrong
	}
	t, err := template.Read(file)
	var wrong template.Mistakes
	errors.As(err, &wrong)
	return t, wrong
}
