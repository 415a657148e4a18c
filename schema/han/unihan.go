//go:build ignore

// Makes classes.json of Unicode's Unihan_Variants.txt, which it reads from its input.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
)

// more are characters that people type for one another, beside what is traditional and
// simplified: variants of Hong Kong, of old type, and of offices' own words.
var more = strings.Fields(`
	產産 內内 別别 鎮鎭 強强 冊册 衛衞 絕絶 稅税 脫脱 鄉郷 尚尙 兔兎 清淸 青靑 真眞 說説 錄録 綠緑 祿禄 彥彦 顏顔 黃黄 黑黒 步歩
	每毎 沒没 溫温 吳呉 靜静 研硏 悅悦 銳鋭 閱閲 兌兑 概槪 既旣 即卽 臥卧 奧奥 裡裏 眾衆 群羣 峰峯 床牀 線綫 煙烟菸 麵麪 著着 鉤鈎
	戶户戸 帳賬 為爲 村邨 啟啓 污汚 秘祕 藥葯 雞鷄 館舘 吃喫 週周 慾欲 昇升 迴回 匯滙 妝粧 踴踊 並併竝 鍊煉 恆恒 廁厠 廚厨 棱稜
	痴癡 糧粮 蹤踪 蘇甦 體躰 鏽銹 鋪舖 檯枱 鹼碱 菸煙 溼濕 佈布 佔占 託托 遊游 嚐嘗 汙污 儘盡 捲卷 彷仿 贊讚 噁惡 淨净凈
	侷局 倖幸 倣仿 僱雇 兇凶 剷铲 勳勋勛 卹恤 唸念 喨亮 嚥咽 嚮向 塚冢 墻墙 壎埙 壜坛 奬奖 姪侄 孃娘 尅克 崑昆 崙仑 巖岩 廻回 弔吊 悽凄淒 慼戚 搆构 搾榨 摀捂 撢掸 暱昵 榖谷 槓杠
	樑梁 櫺棂 欵款 歎叹 毬球 氾泛汎 洩泄 湧涌 滷卤 濬浚 瀰弥 燄焰 燉炖 燬毁 燻熏 牋笺 甕瓮 痠酸 瘻瘘 癒愈 皁皂 盃杯 睪睾 砲炮 竪竖 箇个 簷檐 籐藤 籤签 糰团 紮扎 絃弦 綉绣 綑捆
	綵彩 縴纤 罎坛 罣挂 羨羡 翺翱 脣唇 荳豆 菓果 蒐搜 蓆席 蔴麻 蝨虱 蠍蝎 袴绔 覈核 証证 諡谥 謡谣 譁哗 譟噪 豔艳 賸剩 贜赃 跤交 踰逾 蹟迹 遯遁 醃腌 醖酝 釦扣 鉢钵 銲焊 鎗枪
	鎚锤 鑑鉴 関关 鬨哄 闇暗 闘斗 鬭斗 陞升 隄堤 霑沾 韮韭 餬糊 餵喂 餽馈 饑饥 駡骂 鬀剃 麤粗 鼇鳌 鼈鳖 齧啮 沉沈`)

func main() {
	t := table{parent: map[rune]rune{}}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		t.read(lines.Text())
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
	for _, class := range more {
		same := []rune(class)
		for _, r := range same[1:] {
			t.join(same[0], r)
		}
	}
	t.write()
}

// table joins characters into classes.
type table struct{ parent map[rune]rune }

// read takes a line: a character, what the others are to it, the others.
func (t *table) read(line string) {
	fields := strings.Split(line, "\t")
	if strings.HasPrefix(line, "#") || len(fields) != 3 {
		return
	}
	from := parsed(fields[0])
	for _, one := range strings.Fields(fields[2]) {
		code, _, _ := strings.Cut(one, "<")
		to := parsed(code)
		if fields[1] == "kSimplifiedVariant" || fields[1] == "kTraditionalVariant" {
			t.join(from, to)
		}
	}
}

func parsed(code string) rune {
	n, err := strconv.ParseInt(strings.TrimPrefix(code, "U+"), 16, 32)
	if err != nil {
		log.Fatal(err)
	}
	return rune(n)
}

func (t *table) root(r rune) rune {
	for t.parent[r] != 0 && t.parent[r] != r {
		r = t.parent[r]
	}
	return r
}

// join makes one class of two. The least character stands for a class, so that the order of
// lines makes no difference; those beyond the basic plane are left out.
func (t *table) join(a, b rune) {
	const last = 0xffff
	if a > last || b > last {
		return
	}
	a, b = t.root(a), t.root(b)
	t.parent[a], t.parent[b] = min(a, b), min(a, b)
}

func (t *table) write() {
	classes := map[rune][]rune{}
	for r := range t.parent {
		classes[t.root(r)] = append(classes[t.root(r)], r)
	}
	var list []string
	for _, members := range classes {
		if len(members) > 1 {
			slices.Sort(members)
			list = append(list, string(members))
		}
	}
	slices.Sort(list)
	var rows []string
	const perRow = 30
	for row := range slices.Chunk(list, perRow) {
		rows = append(rows, strings.Join(row, " "))
	}
	text, err := json.MarshalIndent(rows, "", "  ")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
}
