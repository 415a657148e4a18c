package report

import "sansuiji/schema"

// newProblems are 問題清單 as offices keep it: what teams found and headquarters accepted.
func (b *book) newProblems() listing {
	columns := append([]column{
		b.of("unit", "county", text), named("黨組織", "Unit", text), b.of("unit", "code", text),
		b.of("unit", "category", text),
		b.of("finding", "topic", text).as("類別", "Topic"), b.of("conclusion", "reach", text),
		named("問題描述", "What was found", text), named("具體表現", "Detail", text),
		named("依據", "Basis", text), b.of("finding", "severity", text),
		named("發現日期", "Found on", day),
	}, photoColumns()...)
	columns = append(columns,
		b.of("finding", "responsible_unit", text), b.of("finding", "due_at", day),
		column{label: b.printer.Catalogue.MustTable("team").Label}, rowID())
	return listing{
		title: schema.Label{Zh: "問題清單", En: "Problems found"}, columns: columns,
		rows: &query{
			book: b, columns: columns, fields: newProblemFields, from: newProblemFrom, order: findingOrder,
			narrow: b.acceptedProblems, photos: attached(),
		},
	}
}

const newProblemFields = `u.county, u.name, u.code, u.category, f.topic, k.reach, f.title, f.detail,
		coalesce(k.basis, p.title), f.severity, f.recorded_at, f.responsible_unit, f.due_at, t.name, f.id`

const newProblemFrom = findingFrom + `
	LEFT JOIN conclusion k ON k.campaign_no = f.campaign_no AND k.id = f.conclusion_id AND k.withdrawn_at IS NULL`

// acceptedProblems are narrowed by all but the kind and the review.
func (b *book) acceptedProblems(args []any) (clause string, out []any, err error) {
	filter := b.filter
	filter.Kind, filter.Review = "problem", "accepted"
	clause, out, err = filter.Where(args)
	return clause + " AND f.withdrawn_at IS NULL", out, err
}

// listedProblems are those that units had been told of before, with what a team saw last.
func (b *book) listedProblems() listing {
	columns := append(b.unitColumns(),
		b.of("problem", "number", count), b.of("problem", "title", text), b.of("problem", "detail", text),
		b.of("problem", "source", text), b.of("problem", "reach", text), b.of("problem", "severity", text),
		b.of("verification", "outcome", text), b.of("verification", "note", text),
		b.of("verification", "verified_at", day), rowID(),
	)
	return listing{
		title: schema.Label{Zh: "原列問題", En: "Problems listed before"}, columns: columns,
		rows: &query{
			book: b, columns: columns, fields: listedProblemFields, from: listedProblemFrom, order: listedOrder,
			narrow: byUnit(b.filter),
		},
	}
}

const listedProblemFields = `u.county, u.township, u.name, u.code, u.category,
		f.number, f.title, f.detail, f.source, f.reach, f.severity, r.outcome, r.note, r.verified_at, f.id`

const listedProblemFrom = `
	FROM problem f
	LEFT JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = f.unit_id
	LEFT JOIN (SELECT y.problem_id, y.outcome, y.note, y.verified_at, row_number() OVER (
			PARTITION BY y.problem_id ORDER BY coalesce(y.verified_at, 0) DESC, y.id DESC) AS nth
		FROM verification y WHERE y.campaign_no = $1 AND y.withdrawn_at IS NULL AND y.outcome IS NOT NULL
			AND y.problem_id IS NOT NULL) r ON r.problem_id = f.id AND r.nth = 1`

const listedOrder = `
	ORDER BY coalesce(u.county, ''), coalesce(u.code, ''), coalesce(f.number, 0), f.id`

// commitments are 書記項目清單, with what a team saw last.
func (b *book) commitments() listing {
	columns := append(b.unitColumns(),
		b.of("unit", "secretary", text), b.of("commitment", "number", count), b.of("commitment", "title", text),
		b.of("commitment", "goal", text), b.of("commitment", "due_at", day), b.of("commitment", "progress", text),
		b.of("verification", "outcome", text), b.of("verification", "note", text),
		b.of("verification", "verified_at", day), rowID(),
	)
	return listing{
		title: schema.Label{Zh: "書記項目清單", En: "Commitments"}, columns: columns,
		rows: &query{
			book: b, columns: columns, fields: commitmentFields, from: commitmentFrom, order: listedOrder,
			narrow: byUnit(b.filter),
		},
	}
}

const commitmentFields = `u.county, u.township, u.name, u.code, u.category, u.secretary,
		f.number, f.title, f.goal, f.due_at, f.progress, r.outcome, r.note, r.verified_at, f.id`

const commitmentFrom = `
	FROM commitment f
	LEFT JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = f.unit_id
	LEFT JOIN (SELECT y.commitment_id, y.outcome, y.note, y.verified_at, row_number() OVER (
			PARTITION BY y.commitment_id ORDER BY coalesce(y.verified_at, 0) DESC, y.id DESC) AS nth
		FROM verification y WHERE y.campaign_no = $1 AND y.withdrawn_at IS NULL AND y.outcome IS NOT NULL
			AND y.commitment_id IS NOT NULL) r ON r.commitment_id = f.id AND r.nth = 1`
