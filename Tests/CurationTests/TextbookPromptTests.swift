// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Curation

@Suite("Prompts of textbooks")
struct TextbookPromptTests {
    @Test("of the program ask for a text and for five exercises of each topic, disease or drug")
    func standard() throws {
        let prompts = try TextbookPrompt.read(nil)
        for kind in TopicKind.allCases {
            let own = prompts.filter { $0.kinds.contains(kind) }
            #expect(own.map(\.versions) == [1, 5], "\(kind)")
        }
        #expect(prompts[0].text(about: "肺炎").contains("「肺炎」"))
        #expect(!prompts[0].text(about: "肺炎").contains("{topic}"))
        #expect(Set(prompts.map(\.digest)).count == prompts.count)
    }

    @Test(
        "are refused with the key that is wrong",
        arguments: [
            ("name = 1", "name"), ("[[prompts]]\nname = \"a\"\ntext = \"b\"", "prompts"),
            ("[[prompts]]\nname = \"a\"\ntext = \"{topic}\"\nversions = 0", "versions"),
            ("[[prompts]]\nname = \"a\"\ntext = \"{topic}\"\nkinds = [\"organ\"]", "disease"),
            ("", "prompts"),
        ])
    func refused(text: String, word: String) {
        let error = #expect(throws: CurationError.self) {
            try TextbookPrompt.read(text, file: "p.toml")
        }
        #expect(error?.explanation.contains(word) == true, "\(error?.explanation ?? "")")
    }
}
