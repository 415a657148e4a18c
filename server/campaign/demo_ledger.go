package campaign

import (
	"fmt"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/edit"
)

// ledger gives entries what was done about them so far, and some of them their way. It comes
// last, so that the rest of the city is the same with and without it.
func (g *generator) ledger() {
	office := [2]string{g.person() + "（shencha1）", g.person() + "（shencha2）"}
	for _, r := range g.city.rows { // as they are now
		if r.table == "ledger_entry" {
			g.acts(r, office)
			if g.chance(35) {
				g.way(r)
			}
		}
	}
}

// acts are those that lead to an entry's state.
func (g *generator) acts(r row, office [2]string) {
	unit := string(r.cells["responsible_person"].Bytes) + "（單位）"
	at := g.now.Add(-time.Duration(g.between(20, 40)) * 24 * time.Hour)
	act := func(kind, text, by string) edit.Cells {
		at = at.Add(time.Duration(g.between(20, 90)) * time.Hour)
		g.add("ledger_act", g.id(), edit.Cells{
			"ledger_entry_id": edit.ID(r.id), "kind": edit.Text(kind), "text": edit.Text(text),
			"author": edit.Text(by), "done_at": edit.Int(at.UnixMilli()),
		})
		return r.cells
	}
	state, progress := string(r.cells["state"].Bytes), string(r.cells["progress"].Bytes)
	if state == "open" {
		if g.chance(50) {
			act("progress", progress, unit)
		}
		return
	}
	act("claimed", progress, unit)["claimed_at"] = edit.Int(at.UnixMilli())
	if state == "claimed" {
		return
	}
	act("checked", pick(g.dice, checkTexts()), office[0])
	r.cells["checked_by"], r.cells["checked_at"] = edit.Text(office[0]), edit.Int(at.UnixMilli())
	act("closed", "", office[1])
	r.cells["closed_by"], r.cells["closed_at"] = edit.Text(office[1]), edit.Int(at.UnixMilli())
}

func checkTexts() []string {
	return []string{"電話核對三戶，屬實。", "看過現場照片與驗收單，屬實。", "鄉鎮派人到場核過，屬實。", "與臺賬、票據對過，相符。"}
}

// way is the steps of an entry: those before its deadline, done as far as it is.
func (g *generator) way(r row) {
	steps := pick(g.dice, [][]string{
		{"摸清底數，列出清單", "逐項落實到人", "公示結果，接受監督"},
		{"現場勘察，定方案", "籌資施工", "驗收並建立管護"},
		{"自查自糾", "整改到位", "建章立制"},
	})
	due := time.UnixMilli(r.cells["due_at"].Int64())
	for i, text := range steps {
		at := due.AddDate(0, 0, -14*(len(steps)-1-i))
		cells := edit.Cells{
			"ledger_entry_id": edit.ID(r.id), "position": edit.Int(int64(i + 1)), "text": edit.Text(text),
			"due_at": edit.Int(at.UnixMilli()),
		}
		if string(r.cells["state"].Bytes) != "open" || at.Before(g.now) && i == 0 {
			done := at.AddDate(0, 0, -2)
			if done.After(g.now) {
				done = g.now.AddDate(0, 0, -1)
			}
			cells["done_at"] = edit.Int(done.UnixMilli())
		}
		g.add("ledger_step", g.id(), cells)
	}
}

// criteria are what units of the city are scored by.
func (g *generator) criteria() {
	question := map[string]schema.RowID{}
	for i := range g.city.rows {
		if r := &g.city.rows[i]; r.table == "question" {
			question[string(r.cells["code"].Bytes)] = r.id
		}
	}
	for i, c := range []struct {
		title, source, question string
		weight, most, trim      int64
	}{
		{"整改查驗率", "rectified", "", 30, 100, 0},
		{"現場核查答題", "answers", "", 15, 100, 0},
		{"核查組評分", "visit", "", 15, 100, 0},
		{"群眾滿意度", "interview", "I01", 20, 100, 0},
		{"領導評分", "leader", "", 10, 100, 10},
		{"會場測評：履職盡責", "ballot", "", 6, 100, 5},
		{"會場測評：廉潔自律", "ballot", "", 4, 100, 5},
	} {
		cells := edit.Cells{
			"code": edit.Text(fmt.Sprintf("Z%02d", i+1)), "title": edit.Text(c.title), "position": edit.Int(int64(i + 1)),
			"weight": edit.Int(c.weight), "mark_max": edit.Int(c.most), "source": edit.Text(c.source), "trim_percent": edit.Int(c.trim),
		}
		if id, known := question[c.question]; known {
			cells["question_id"] = edit.ID(id)
		}
		g.add("criterion", g.id(), cells)
	}
}
