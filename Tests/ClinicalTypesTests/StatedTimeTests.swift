// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@Suite("Stated times")
struct StatedTimeTests {
    @Test(
        "are read in every usual form, with their precision",
        arguments: [
            ("2024-05-01T08:30:00+09:00", "2024-04-30T23:30:00.000Z", StatedTime.Precision.second),
            ("2024-04-30T23:30:00Z", "2024-04-30T23:30:00.000Z", .second),
            ("2024-04-30T23:30:00.1234567-05:30", "2024-05-01T05:00:00.123Z", .second),
            ("2024-05-01T08:30", "2024-04-30T23:30:00.000Z", .minute),
            ("2024-05-01T08", "2024-04-30T23:00:00.000Z", .hour),
            ("2024-05-01 08:30:15 JST", "2024-04-30T23:30:15.000Z", .second),
            ("2024-05-01", "2024-04-30T15:00:00.000Z", .day),
            ("2024-05", "2024-04-30T15:00:00.000Z", .month),
            ("2024", "2023-12-31T15:00:00.000Z", .year),
            ("20240501", "2024-04-30T15:00:00.000Z", .day),
            ("202405", "2024-04-30T15:00:00.000Z", .month),
            ("2024050108", "2024-04-30T23:00:00.000Z", .hour),
            ("202405010830", "2024-04-30T23:30:00.000Z", .minute),
            ("20240501083015", "2024-04-30T23:30:15.000Z", .second),
            ("20240501083015.25+0000", "2024-05-01T08:30:15.250Z", .second),
            ("20240501T083015Z", "2024-05-01T08:30:15.000Z", .second),
            ("2024/5", "2024-04-30T15:00:00.000Z", .month),
            ("2024/5/1", "2024-04-30T15:00:00.000Z", .day),
            (" 2024/5/1 8:30 ", "2024-04-30T23:30:00.000Z", .minute),
            ("2024.5.1 18:05:09", "2024-05-01T09:05:09.000Z", .second),
            ("２０２４／５／１　８：３０", "2024-04-30T23:30:00.000Z", .minute),
            ("2024年5月1日", "2024-04-30T15:00:00.000Z", .day),
            ("2024年5月1日(水) 8時30分", "2024-04-30T23:30:00.000Z", .minute),
            ("2024年5月1日（水曜日）午後3時半", "2024-05-01T06:30:00.000Z", .minute),
            ("2024年5月1日 午後0時15分30秒", "2024-05-01T03:15:30.000Z", .second),
            ("2024年5月", "2024-04-30T15:00:00.000Z", .month),
            ("2024年", "2023-12-31T15:00:00.000Z", .year),
            ("2024/5/1 11:59 PM", "2024-05-01T14:59:00.000Z", .minute),
            ("2024-05-01T24:00", "2024-05-01T15:00:00.000Z", .minute),
            ("令和6年5月1日", "2024-04-30T15:00:00.000Z", .day),
            ("令和元年5月1日", "2019-04-30T15:00:00.000Z", .day),
            ("令和6年5月", "2024-04-30T15:00:00.000Z", .month),
            ("令和6年", "2023-12-31T15:00:00.000Z", .year),
            ("令和元年", "2018-12-31T15:00:00.000Z", .year),
            ("R6.5.1", "2024-04-30T15:00:00.000Z", .day),
            ("r06/05/01 08:30", "2024-04-30T23:30:00.000Z", .minute),
            ("Ｒ６．５．１", "2024-04-30T15:00:00.000Z", .day),
            ("H31.4.30", "2019-04-29T15:00:00.000Z", .day),
            ("S64.1.7", "1989-01-06T15:00:00.000Z", .day),
            ("昭和20年8月15日", "1945-08-14T15:00:00.000Z", .day),
            ("㍻元年1月8日", "1989-01-07T15:00:00.000Z", .day),
            ("T15.12.24", "1926-12-23T15:00:00.000Z", .day),
            ("2024-02-29", "2024-02-28T15:00:00.000Z", .day),
        ])
    func forms(text: String, utc: String, precision: StatedTime.Precision) {
        let time = StatedTime(text)
        #expect(time?.utc == utc)
        #expect(time?.precision == precision)
    }

    @Test(
        "that no calendar or clock has, or that may be two, are none",
        arguments: [
            "", " ", "yesterday", "5月1日", "2024-13-45", "2024-02-30", "2023-02-29", "20240230",
            "20241301",
            "2024-05-01T25:00", "2024-05-01T08:60", "2024-05-01T24:01", "2024-05-01T08:30:60",
            "5/1/2024", "24/5/1", "240501", "1714521600", "2024/5/1 8", "2024-5-1 8:30 朝",
            "H31.5.1", "令和0年5月1日", "令和元年4月30日", "S64.1.8", "平成36年1月1日", "M5.1.1", "R6", "令和6",
            "2024-05-01T08:30+25:00", "2024-05-01T08:30+", "2024年5月1", "2024年13月", "2024-W18",
            "20241399R6.5.1", "2024-05-01 13:00 PM", "0000-01-01", "-2024-05-01",
            "2024-05-01,2024-05-02",
            String(repeating: "2", count: 100_000),
        ])
    func none(text: String) {
        #expect(StatedTime(text) == nil)
    }

    @Test("are what Foundation reads, day by day, and sort as text")
    func days() throws {
        var former = ""
        for day in stride(from: -36_500, to: 36_500, by: 7) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let written = date.formatted(.iso8601)
            let time = try #require(StatedTime(written))
            #expect(time.milliseconds == Int64(day) * 86_400_000)
            #expect(time.utc == written.replacing("Z", with: ".000Z"))
            #expect(former < time.utc)
            former = time.utc
        }
    }

    @Test("random texts are a time or none and never a crash")
    func random() {
        var generator = SeededNumbers(seed: 5)
        let letters = Array("0123456789-/.:T+Z年月日時分 令和元RH(水)")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0...16, using: &generator)).map { _ in
                    letters[Int.random(in: 0..<letters.count, using: &generator)]
                })
            if let time = StatedTime(text) { #expect(StatedTime(time.utc)?.utc == time.utc) }
        }
    }
}
