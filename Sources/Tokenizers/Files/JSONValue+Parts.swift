// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// Parts of a `tokenizer.json` as they are written.
extension JSONValue {
    /// An added token that is found as it stands, neither trimmed nor normalised.
    static func plainToken(_ content: String, id: Int, isSpecial: Bool) -> JSONValue {
        [
            "id": .integer(id), "content": .string(content), "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": .bool(isSpecial),
        ]
    }

    /// A post-processor that puts tokens before and after a text, and none between two.
    static func template(
        before: [(id: Int, content: String)], after: [(id: Int, content: String)]
    ) -> JSONValue {
        func special(_ token: (id: Int, content: String)) -> JSONValue {
            ["SpecialToken": ["id": .string(token.content), "type_id": 0]]
        }
        let first: JSONValue = ["Sequence": ["id": "A", "type_id": 0]]
        let contents = Dictionary((before + after).map { ($0.id, $0.content) }) { $1 }
        let named = contents.sorted { $0.key < $1.key }.map { id, content in
            Member(
                name: content,
                value: [
                    "id": .string(content), "ids": [.integer(id)], "tokens": [.string(content)],
                ])
        }
        return [
            "type": "TemplateProcessing",
            "single": .array(before.map(special) + [first] + after.map(special)),
            "pair": [first, ["Sequence": ["id": "B", "type_id": 1]]],
            "special_tokens": .object(named),
        ]
    }
}
