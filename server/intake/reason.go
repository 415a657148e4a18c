package intake

import (
	"fmt"
	"strings"

	"sansuiji/schema"
)

// reason is why a cell cannot be taken, in both languages.
type reason struct {
	code string
	say  schema.Label
}

// The codes of what can be wrong with a row.
const (
	WrongColumn    = "column-missing"
	WrongBlank     = "required"
	WrongInteger   = "integer"
	WrongChoice    = "choice"
	WrongDate      = "date"
	WrongDegrees   = "degrees"
	WrongFormula   = "formula"
	WrongControl   = "control"
	WrongLong      = "long"
	WrongDuplicate = "duplicate"
	WrongUnknown   = "unknown"
	WrongAmbiguous = "ambiguous"
	WrongContrary  = "contrary"
	WrongState     = "state"
)

func because(code, zh, en string) *reason { return &reason{code, schema.Label{Zh: zh, En: en}} }

func noColumn(label schema.Label) *reason {
	return because(WrongColumn, fmt.Sprintf("表中沒有「%s」這一列，請指定是哪一列", label.Zh),
		fmt.Sprintf("the table has no column for %q: say which one it is", label.En))
}

func blank(label schema.Label) *reason {
	return because(WrongBlank, fmt.Sprintf("「%s」必須填寫", label.Zh), fmt.Sprintf("%q must be filled in", label.En))
}

func noInteger(least, most int64) *reason {
	return because(WrongInteger, fmt.Sprintf("應為 %d 到 %d 的整數", least, most),
		fmt.Sprintf("should be an integer from %d to %d", least, most))
}

func noChoice(known []schema.Choice) *reason {
	zh, en := make([]string, len(known)), make([]string, len(known))
	for i, c := range known {
		zh[i], en[i] = c.Label.Zh, fmt.Sprintf("%s (%s)", c.Label.En, c.Code)
	}
	return because(WrongChoice, "不在可選範圍內，可填："+strings.Join(zh, "、"), "not one of: "+strings.Join(en, ", "))
}

func noDate() *reason {
	return because(WrongDate, "不是可識別的日期，或沒有這一天；可寫成 2026-11-25",
		"not a date, or no such day; write it like 2026-11-25")
}

func noDegrees(most int64) *reason {
	return because(WrongDegrees, fmt.Sprintf("應為 −%d 到 %d 的度數，如 30.1234567", most, most),
		fmt.Sprintf("should be degrees from −%d to %d, like 30.1234567", most, most))
}

func formulaError() *reason {
	return because(WrongFormula, "單元格是公式錯誤，請在原表中改正", "the cell has a formula's error: correct it in the table")
}

func controlCharacter(r rune) *reason {
	return because(WrongControl, fmt.Sprintf("含有不可見的控制字符（U+%04X），請刪去", r),
		fmt.Sprintf("has an invisible control character (U+%04X): remove it", r))
}

func tooLong(have, most int) *reason {
	return because(WrongLong, fmt.Sprintf("有 %d 字，超過 %d 字", have, most),
		fmt.Sprintf("has %d characters, more than %d", have, most))
}

func duplicate(first int) *reason {
	return because(WrongDuplicate, fmt.Sprintf("與第 %d 行重複", first), fmt.Sprintf("the same as row %d", first))
}

func contrary(first int) *reason {
	return because(WrongContrary, fmt.Sprintf("與第 %d 行所填不一致", first), fmt.Sprintf("not what row %d says", first))
}

// stateStands says that an entry of the ledger has another state, which no table changes.
func stateStands(have string) *reason {
	zh, en := have, have
	for _, c := range schema.LedgerStates() {
		if c.Code == have {
			zh, en = c.Label.Zh, c.Label.En
		}
	}
	return because(WrongState, "這一條在臺賬中為「"+zh+"」，狀態只能在臺賬中逐步辦理：請改為一致，或將此格留空、刪去此列",
		"this entry is “"+en+"”; its state changes only step by step in the ledger: write the same, or leave the cell or column out")
}

// unknown says that a thing is not in the campaign: what is 單位, 問題 or a person.
func unknown(what schema.Label) *reason {
	return because(WrongUnknown, "批次中沒有這個"+what.Zh+"，請核對，或先導入"+what.Zh,
		fmt.Sprintf("the campaign has no such %s: check it, or import it first", what.En))
}

func ambiguous(what schema.Label, by schema.Label) *reason {
	return because(WrongAmbiguous, fmt.Sprintf("有多個同名的%s，請用%s指明", what.Zh, by.Zh),
		fmt.Sprintf("several of that %s: name it by its %s", what.En, by.En))
}
