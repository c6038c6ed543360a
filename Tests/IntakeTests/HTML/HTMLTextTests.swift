// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import Intake

private func text(_ html: String) throws(IntakeError) -> String {
    try HTMLText(of: html, in: .html, limits: IntakeLimits()).lines.text
}

@Suite("Text of HTML")
struct HTMLTextTests {
    @Test(
        "tags go first, references after, and what is no tag stays",
        arguments: [
            ("CRP &lt; 3 &amp; WBC &gt; 4", "CRP < 3 & WBC > 4"),
            ("CRP < 3 > 2", "CRP < 3 > 2"),
            ("<所見>異常なし", "<所見>異常なし"),
            ("5&nbsp;mg&#12354;&#x3044;&#X3046;", "5 mgあいう"),
            ("&alpha;&mu;&plusmn;&deg;&AMP;&Delta;", "αμ±°&Δ"),
            (
                "&lt 3 &unknown; &#0; &#xD800; &#99999999999; R&D",
                "< 3 &unknown; &#0; &#xD800; &#99999999999; R&D"
            ),
            ("&amp;lt;", "&lt;"),
            ("&#150;&#146;", "–’"),
            ("<p title=\"a>b\" x='>' y=it's>本文</p>", "本文"),
            ("<xhtml:b>太</xhtml:b>字", "太字"),
            ("<![CDATA[<b> & c]]>", "<b> & c"),
            ("a<?php echo '>' ?>b", "a' ?>b"),
        ])
    func references(html: String, expected: String) throws {
        #expect(try text(html) == expected)
    }

    @Test(
        "elements break lines, and white space means little",
        arguments: [
            ("<p>一</p>\n\n<p>二\n  三</p>", "一\n二 三"),
            ("一<br>二<br/>三</br>四", "一\n二\n三\n四"),
            ("一<br><br>二<br><br><br><br>三", "一\n\n二\n\n三"),
            ("<div><div>一</div></div><div>二</div>", "一\n二"),
            ("<ul><li>一<li>二</ul>三", "一\n二\n三"),
            ("炎症<b>反応</b>の<span>上昇</span>", "炎症反応の上昇"),
            ("<pre>S)  痛い\n\n  O) 圧痛</pre>", "S)  痛い\n\n  O) 圧痛"),
            ("<dl><dt>主訴<dd>腹痛</dl>", "主訴\n腹痛"),
            ("一<hr>二", "一\n二"),
            ("<p></p><p> </p>一<p></p>", "一"),
        ])
    func lines(html: String, expected: String) throws {
        #expect(try text(html) == expected)
    }

    @Test("cells are apart by tabs, in tables within tables, too")
    func cells() throws {
        #expect(
            try text(
                "前<table><tr><th>項目</th><th>値</th></tr><tr><td>CRP</td><td><p>8.7</p></td></tr></table>後"
            )
                == "前\n項目\t値\nCRP\t8.7\n後")
        #expect(try text("<table><tr><td>一<td>二<tr><td>三<td>四</table>") == "一\t二\n三\t四")
        #expect(
            try text("<table><tr><td></td><td>二</td><td></td></tr><tr><td>三</td></tr></table>")
                == "\t二\n三")
        #expect(
            try text(
                "<table><tr><td>左</td><td><table><tr><td>一</td><td>二</td></tr></table></td><td>右</td></tr></table>"
            )
                == "左\n一\t二\t右")
        #expect(
            try text(
                "<table><tr><td><table><tr><td>一</td></tr></table></td><td>右</td></tr></table>")
                == "一\t右")
        #expect(try text("<td>一</td><td>二</td>") == "一\n二")
    }

    @Test("what no reader sees is left out")
    func hidden() throws {
        let html = """
            <!DOCTYPE html><html><head><meta charset=utf-8><title>題</title><style>p{}</style>
            <script>if (a < b) "</p>"</script></head><body><!-- <p>註</p> --><SCRIPT>x</Script>本文
            <ruby>鼠<rp>(</rp><rt>そ</rt><rp>)</rp></ruby>径<ruby>部<rt>ぶ</ruby><iframe><p>枠</iframe></body></html>
            """
        let read = try HTMLText(of: html, in: .html, limits: IntakeLimits())
        #expect(read.lines.text == "本文 鼠径部")
        #expect(read.title == "題")
    }

    @Test("a head without an end ends where the body begins")
    func head() throws {
        #expect(try text("<head><title>題</title><body>本文") == "本文")
        #expect(try text("<head><title>題</title><p>本文") == "本文")
        #expect(try text("<head><meta name=x>本文") == "本文")
    }

    @Test("what is struck out by its author is left out and said")
    func deleted() throws {
        let read = try HTMLText(of: "転移<del>あり</del>なし", in: .html, limits: IntakeLimits())
        #expect(read.lines.text == "転移なし")
        #expect(read.hasDeletions)
    }

    @Test(
        "what begins and never ends is refused",
        arguments: [
            "本文<!-- 註", "本文<script>x", "本文<p class", "本文<p class=\"x>y", "本文<style>", "<title>本文",
            "<del>本文", "本文<![CDATA[x", "本文</p",
        ])
    func unended(html: String) {
        #expect(throws: IntakeError.self) { try text(html) }
    }

    @Test("entities may not be declared")
    func declaration() {
        #expect(throws: IntakeError.flaw(.declaration, in: .html, at: nil)) {
            try text("<!DOCTYPE html [<!ENTITY a 'b'>]><p>&a;")
        }
    }

    @Test("headings make sections: elements, and bold lines with the usual titles")
    func sections() throws {
        let read = try HTMLText(
            of: """
                <h1>報告書</h1><p><b>所見</b></p><p>結節あり。<b>強調</b>した。</p><p><b>肺癌疑い</b></p>
                <p><strong>【診断】</strong><br>肺癌</p><table><tr><th>検査</th><td>CT</td></tr></table>
                """, in: .html, limits: IntakeLimits()
        ).lines.sectioned
        #expect(read.sections.map(\.title) == ["所見", "【診断】"])
        #expect(
            read.text
                == "【報告書】\n【所見】\n結節あり。強調した。\n肺癌疑い\n【診断】\n肺癌\n検査\tCT")
    }

    @Test("the text has a limit")
    func limit() {
        let limits = IntakeLimits(maximumDocumentScalars: 10)
        #expect(throws: IntakeError.self) {
            try HTMLText(of: String(repeating: "<p>あ", count: 11), in: .html, limits: limits)
        }
    }

    @Test("elements have a limit, too, where they hold no text")
    func elements() {
        var limits = IntakeLimits()
        limits.maximumParts = 10
        #expect(throws: IntakeError.flaw(.tooMuch(of: "elements", limit: 10), in: .html, at: nil)) {
            try HTMLText(of: String(repeating: "<p>", count: 200) + "本文", in: .html, limits: limits)
        }
    }

    @Test(
        "a hostile file takes time in proportion to its length", .timeLimit(.minutes(15)),
        arguments: [
            "<", "<!", "<!-", "&", "&a", "<p ", "<p a=", "</", "<table>", "<table><tr><td>", "<b>",
            "<td>",
            "<br>", "<![CDATA[", "<script", "&#", "<rt>", "<title/>",
        ])
    func linear(piece: String) {
        _ = try? text(String(repeating: piece, count: 50_000))
    }
}

@Suite("Files of HTML")
struct HTMLReaderTests {
    private let reader = HTMLReader(
        limits: IntakeLimits(), kind: .radiology, codes: DocumentCodes())
    private func file(_ meta: String) -> String {
        "<html><head>\(meta)<title>読影報告 &amp; 所見</title></head><body><h2>所見</h2><p>右肺上葉に結節を認める。</p></body></html>"
    }

    @Test(
        "the encoding is that of meta, of a mark, or detected",
        arguments: [
            ("<meta charset=\"Shift_JIS\">", "CP932"), ("<META CHARSET=EUC-JP>", "EUC-JP"),
            ("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=x-sjis\">", "CP932"),
            ("", "CP932"), ("", "UTF-8"), ("<meta charset='utf-8' />", "UTF-8"),
        ])
    func encodings(meta: String, iconvName: String) throws {
        let bytes = try #require(encoded(file(meta), in: iconvName))
        let document = try #require(FormatResult { try reader.entries(in: bytes) }.documents.first)
        #expect(document.text == "【所見】\n右肺上葉に結節を認める。")
        #expect(document.source.title == "読影報告 & 所見")
        #expect(document.kind == .radiology)
        #expect(document.sectionTexts == ["所見|右肺上葉に結節を認める。"])
        #expect(document.source.format == .html)
    }

    @Test("a lie about the encoding is refused, and a file without text")
    func refused() throws {
        let bytes = try #require(encoded(file("<meta charset=utf-8>"), in: "CP932"))
        #expect(FormatResult { try reader.entries(in: bytes) }.faults == ["undecodable"])
        #expect(
            FormatResult { try reader.entries(in: Array("<p> <br></p>".utf8)) }.faults == [
                "no-text"
            ])
    }

    @Test("changed and cut files are read soundly or refused")
    func mutations() {
        let sample =
            "<html><meta charset=utf-8><h1>題</h1><p><b>所見</b><br>結節&nbsp;あり</p><table><tr><td>一<td>二</table><!-- x --><script>y</script>"
        expectSoundness(of: Array(sample.utf8), seed: 3) { try reader.entries(in: $0) }
    }
}
