// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Intake

@Suite("Media types")
struct MediaTypeTests {
    @Test(
        "a type and its charset are read, however they are written",
        arguments: [
            ("text/plain; charset=Shift_JIS", "text/plain", "Shift_JIS"),
            ("Text/HTML;charset=\"utf-8\"", "text/html", "utf-8"),
            (" application/rtf ", "application/rtf", nil),
            ("text/plain; format=flowed; CHARSET = 'EUC-JP'", "text/plain", "EUC-JP"),
            ("urn:ietf:bcp:13#application/pdf", "application/pdf", nil), ("", "unknown", nil),
            ("肺癌の疑い", "unknown", nil), ("a b", "unknown", nil),
            (String(repeating: "a", count: 101), "unknown", nil),
            ("text/plain; charset=", "text/plain", nil),
        ] as [(String, String, String?)])
    func types(text: String, name: String, charset: String?) {
        #expect(MediaType(text).name == name)
        #expect(MediaType(text).charset == charset)
    }

    @Test("forms are preferred in the order in which their text is kept best")
    func order() {
        let types = ["application/pdf", "text/xml", "text/rtf", "text/html", "text/plain"]
        let sorted = types.sorted { MediaType($0).form < MediaType($1).form }
        #expect(sorted == ["text/plain", "text/html", "text/rtf", "text/xml", "application/pdf"])
    }
}
