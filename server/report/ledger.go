package report

import "sansuiji/schema"

// ledger is 整改臺賬 as offices keep it. Its evidence is that of all acts on an entry.
func (b *book) ledger() listing {
	columns := append([]column{
		b.of("unit", "county", text), b.of("unit", "name", text), b.of("unit", "code", text),
		b.of("unit", "category", text), b.of("ledger_entry", "problem_id", text),
		b.of("ledger_entry", "measure", text), b.of("ledger_entry", "goal", text),
		b.of("ledger_entry", "responsible_unit", text), b.of("ledger_entry", "responsible_leader", text),
		b.of("ledger_entry", "responsible_person", text), b.of("ledger_entry", "due_at", day),
		b.of("ledger_entry", "progress", text), b.of("ledger_entry", "state", text),
	}, photoColumns()...)
	columns = append(columns,
		b.of("ledger_entry", "claimed_at", moment), b.of("ledger_entry", "checked_by", text).as("復核人", "Checked by"),
		b.of("ledger_entry", "checked_at", moment), b.of("ledger_entry", "closed_by", text),
		b.of("ledger_entry", "closed_at", day).as("銷號日期", "Closed on"), b.of("ledger_entry", "reopened", count),
		b.of("verification", "outcome", text).as("備注：最近查驗", "Seen last"), b.of("verification", "note", text), rowID(),
	)
	return listing{
		title: schema.Label{Zh: "整改臺賬", En: "Ledger"}, columns: columns,
		rows: &query{
			book: b, columns: columns, fields: ledgerFields, from: ledgerFrom, order: ledgerOrder,
			narrow: byUnit(b.filter), photos: shown(`
	LEFT JOIN ledger_act x ON x.campaign_no = f.campaign_no AND x.ledger_entry_id = f.id`, "x"),
		},
	}
}

const ledgerFields = `u.county, u.name, u.code, u.category, p.title, f.measure, f.goal,
		f.responsible_unit, f.responsible_leader, f.responsible_person, f.due_at, f.progress, f.state,
		f.claimed_at, f.checked_by, f.checked_at, f.closed_by, f.closed_at, f.reopened, r.outcome, r.note, f.id`

const ledgerPlace = `
	LEFT JOIN problem p ON p.campaign_no = e.campaign_no AND p.id = e.problem_id
	LEFT JOIN unit u ON u.campaign_no = p.campaign_no AND u.id = p.unit_id`

const ledgerFrom = `
	FROM ledger_entry f
	LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
	LEFT JOIN unit u ON u.campaign_no = p.campaign_no AND u.id = p.unit_id
	LEFT JOIN (SELECT y.problem_id, y.outcome, y.note, row_number() OVER (
			PARTITION BY y.problem_id ORDER BY coalesce(y.verified_at, 0) DESC, y.id DESC) AS nth
		FROM verification y WHERE y.campaign_no = $1 AND y.withdrawn_at IS NULL AND y.outcome IS NOT NULL
			AND y.problem_id IS NOT NULL) r ON r.problem_id = f.problem_id AND r.nth = 1`

const ledgerOrder = `
	ORDER BY coalesce(u.county, ''), coalesce(u.code, ''), coalesce(p.number, 0), f.id`

// shown is the evidence that responsible units show of an act, which is joined under a name.
func shown(join, act string) *photoJoin {
	return &photoJoin{
		fields: `, a.hash, NULL, b.hash IS NOT NULL, NULL, a.media_type`,
		join: join + `
	LEFT JOIN evidence a ON a.campaign_no = f.campaign_no AND a.ledger_act_id = ` + act + `.id
	LEFT JOIN blob b ON b.campaign_no = a.campaign_no AND b.hash = a.hash`,
		order: `, ` + act + `.done_at, a.id`,
	}
}

// ledgerSteps are the way 施工圖 of each entry.
func (b *book) ledgerSteps() listing {
	columns := []column{
		b.of("unit", "name", text), b.of("unit", "code", text), b.of("ledger_entry", "problem_id", text),
		b.of("ledger_step", "position", count), b.of("ledger_step", "text", text),
		b.of("ledger_step", "due_at", day), b.of("ledger_step", "done_at", day), rowID(),
	}
	return listing{
		title: schema.Label{Zh: "整改步驟", En: "Steps"}, columns: columns,
		rows: &query{
			book: b, columns: columns, order: ledgerStepOrder, narrow: b.notWithdrawn,
			fields: `u.name, u.code, p.title, f.position, f.text, f.due_at, f.done_at, f.id`,
			from: `
	FROM ledger_step f
	LEFT JOIN ledger_entry e ON e.campaign_no = f.campaign_no AND e.id = f.ledger_entry_id` + ledgerPlace,
		},
	}
}

const ledgerStepOrder = `
	ORDER BY coalesce(u.county, ''), coalesce(u.code, ''), coalesce(p.number, 0), f.ledger_entry_id, f.position, f.id`

func (b *book) notWithdrawn(args []any) (clause string, out []any, err error) {
	clause, out, err = byUnit(b.filter)(args)
	return clause + " AND f.withdrawn_at IS NULL", out, err
}

// ledgerActs are what was done about each entry, each with its evidence.
func (b *book) ledgerActs() listing {
	columns := append([]column{
		b.of("unit", "name", text), b.of("unit", "code", text), b.of("ledger_entry", "problem_id", text),
		b.of("ledger_act", "kind", text), b.of("ledger_act", "text", text),
		b.of("ledger_act", "author", text), b.of("ledger_act", "done_at", moment),
	}, photoColumns()...)
	columns = append(columns, rowID())
	return listing{
		title: schema.Label{Zh: "臺賬記錄", En: "Acts"}, columns: columns,
		rows: &query{
			book: b, columns: columns, narrow: byUnit(b.filter), photos: shown("", "f"),
			fields: `u.name, u.code, p.title, f.kind, f.text, f.author, f.done_at, f.id`,
			from: `
	FROM ledger_act f
	LEFT JOIN ledger_entry e ON e.campaign_no = f.campaign_no AND e.id = f.ledger_entry_id` + ledgerPlace,
			order: `
	ORDER BY coalesce(u.county, ''), coalesce(u.code, ''), coalesce(p.number, 0), f.ledger_entry_id, f.done_at, f.id`,
		},
	}
}
