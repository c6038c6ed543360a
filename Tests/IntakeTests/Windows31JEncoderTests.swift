// SPDX-License-Identifier: Apache-2.0
import Foundation
import Intake
import Testing

@Suite("Writing Windows-31J")
struct Windows31JEncoderTests {
    @Test("gives the codes that Windows writes, and counts what there is no code for")
    func codes() throws {
        let encoder = try Windows31JEncoder()
        #expect(encoder.bytes(of: "aｱ所見").bytes == [0x61, 0xB1, 0x8F, 0x8A, 0x8C, 0xA9])
        // ① is of NEC's row 13, 髙 and Ⅰ stand in it or in IBM's twice, 〜 is Apple's.
        #expect(
            encoder.bytes(of: "①髙Ⅰ∵").bytes == [0x87, 0x40, 0xFB, 0xFC, 0x87, 0x54, 0x81, 0xE6])
        #expect(
            encoder.bytes(of: "～〜－−").bytes == [0x81, 0x60, 0x81, 0x60, 0x81, 0x7C, 0x81, 0x7C])
        let lossy = encoder.bytes(of: "𠮷a😀")
        #expect(lossy.lost == 2 && lossy.bytes == [0x81, 0xAC, 0x61, 0x81, 0xAC])
    }

    @Test("is read back as it was")
    func roundTrip() throws {
        let text = "右上葉に３８㎜大の腫瘤、ﾛｷｿﾌﾟﾛﾌｪﾝ〓①㈱纊"
        let (bytes, lost) = try Windows31JEncoder().bytes(of: text)
        #expect(lost == 0)
        #expect(try TextTables.text(of: .init(bytes)) == text)
    }
}
