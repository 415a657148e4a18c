package intake

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold is a text as it is compared: without spaces, brackets and punctuation, in half
// width and small letters, in the traditional variants of the characters that headers and
// choices are written with.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(text) {
		if !unicode.In(r, unicode.L, unicode.N) {
			continue
		}
		r = unicode.ToLower(r)
		if to, known := variant[r]; known {
			r = to
		}
		b.WriteRune(r)
	}
	return b.String()
}

// outside is a text without what stands in brackets.
func outside(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range norm.NFKC.String(text) {
		switch r {
		case '(', '[', '【', '〔', '<', '《':
			depth++
		case ')', ']', '】', '〕', '>', '》':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// variant has the traditional form of simplified characters and of variants, for words of
// headers and choices alone: it converts no texts.
var variant = variants(
	"单單码碼类類领領县縣区區乡鄉镇鎮党黨员員数數书書记記纬緯经經问問题題号號现現来來严嚴体體标標责責导導",
	"时時进進态態项項预預组組职職称稱关關编編备備选選顺順满滿评評须須务務联聯电電办辦报報销銷台臺帐賬账賬",
	"轻輕较較个個点點众眾国國企企业業医醫学學机機长長总總计計小小无無简簡终終实實际際达達时時间間开開闭閉",
	"应應该該为為对對错錯岁歲兑兌诺諾划劃规規订訂签簽认認证證检檢查查况況结結论論课課讲講团團队隊内內",
	"访訪谈談答答单單多多读讀写寫显顯输輸优優举舉牵牽头頭协協当當复復发發补補级級监監违違纪紀约約试試",
	"别別负負质質说說设設详詳细細级級参參据據择擇摆擺措措冲衝动動两兩写寫农農过過还還归歸执執属屬层層户戶并併",
	"构構档檔条條样樣欄欄栏欄决決净淨绝絕统統织織录錄门門馈饋验驗随隨围圍团團张張师師图圖环環节節议議异異爱愛",
	"帳賬裏里裡里衆眾羣群庄莊街街办辦处處场場园園宫宮卫衛产產广廣东東华華阳陽龙龍兴興云雲丰豐桥橋湾灣",
)

func variants(pairs ...string) map[rune]rune {
	table := map[rune]rune{}
	for _, text := range pairs {
		runes := []rune(text)
		for i := 0; i+1 < len(runes); i += 2 {
			table[runes[i]] = runes[i+1]
		}
	}
	return table
}

// Fold is a text as names that people write are compared: width, case, spaces, punctuation
// and simplified characters make no difference.
func Fold(text string) string { return fold(text) }
