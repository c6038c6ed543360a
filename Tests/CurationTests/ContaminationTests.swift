// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Curation

@Suite("Rows in a corpus")
struct ContaminationTests {
    @Test("are found by their share in one document, however it is written")
    func shares() {
        let row = "六十歳の男性。健診で右肺に結節影を指摘されて受診した。"
        let search = ContaminationSearch(
            rows: [row, "三歳の女児。発熱と咳嗽を主訴に外来を受診した。", "短い。"], width: 13)
        #expect([0, 1, 2].map(search.isTooShort) == [false, false, true])
        let whole = search.shares(in: "問題：六十歳の男性、健診で 右肺に結節影を\n指摘されて受診した（答は肺癌）。")
        #expect(whole.count == 1 && whole.first?.row == 0 && whole.first?.share == 1)
        // Half of the row: of its 24 characters 12 runs of 13, of which the first 17 characters have 5.
        let half = search.shares(in: "六十歳の男性。健診で右肺に結節影ではなかった。")
        #expect(half.map(\.row) == [0])
        #expect(half.first.map { $0.share > 0.2 && $0.share < 0.6 } == true)
        #expect(search.shares(in: "短い。六十歳の女性。").isEmpty)
    }

    @Test("are found by chance in none of many other documents")
    func chance() {
        var texts = FictionalTexts(seed: 41)
        let rows = (0..<200).map { _ in texts.document(4) }
        let search = ContaminationSearch(rows: rows, width: 13)
        var report = ContaminationReport(rows: rows.count)
        for number in 0..<200 {
            report.add(search.shares(in: texts.document(20)), document: number)
        }
        #expect(report.findings.allSatisfy { $0.share < 0.3 })
        report.add(search.shares(in: "前置き。" + rows[7] + texts.document(3)), document: 500)
        #expect(report.findings[7] == .init(share: 1, document: 500))
    }

    @Test("are told with the first document that has the most, in whatever order")
    func order() {
        var report = ContaminationReport(rows: 1)
        report.add([(0, 0.5)], document: 3)
        report.add([(0, 0.5)], document: 2)
        report.add([(0, 0.4)], document: 1)
        #expect(report.findings == [.init(share: 0.5, document: 2)])
    }
}
