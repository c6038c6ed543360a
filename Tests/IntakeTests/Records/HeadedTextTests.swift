// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Intake

@Suite("Sections that headings in a text begin")
struct HeadedTextTests {
    private func sections(_ text: HeadedText) -> [String] {
        let scalars = Array(text.text.unicodeScalars)
        return text.sections.map {
            "\($0.title)|" + String(scalars: scalars[$0.range.start..<$0.range.end])
        }
    }

    @Test(
        "an indented first line keeps its indentation, and the sections their places",
        arguments: ["　　診療情報提供書\n所見：結節あり", "  所見：結節あり", "\n \n\t所見\n結節あり\n", "　所見：　結節あり　\n　\n"])
    func indented(text: String) {
        let headed = HeadedText(text)
        #expect(sections(headed) == ["所見|結節あり"])
        #expect(text.contains(headed.text))
    }
}
