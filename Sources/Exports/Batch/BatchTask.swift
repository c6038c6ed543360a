// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JSONFiles

/// What a large model elsewhere is asked of a document: the words of the question, and the form of the answer.
package enum BatchTask: String, CaseIterable, Sendable {
    /// Diseases, drugs and doses, with what is said of them.
    case entities
    /// Categories of a report on lung cancer.
    case tnm

    /// The question as it is asked where nobody has another.
    package var usualPrompt: String {
        switch self {
        case .entities:
            """
            あなたは日本語の診療記録を読む専門家です。利用者が渡す文書から、疾患・症状（disease）、薬剤名（drug）、薬剤の用量（dose）を、\
            文書に現れる順に、現れた回数だけ抜き出してください。textは文書の文字をそのまま写し、言い換えや補いをしないでください。\
            certaintyは、患者にあればpositive、疑いならsuspicious、否定ならnegative、一般論ならgeneral。\
            subjectは、本人ならpatient、家族ならfamily、ほかの人ならother。\
            temporalityは、現在ならcurrent、過去ならpast、予定ならplanned。\
            答えはJSONだけ：{"mentions":[{"type","text","certainty","subject","temporality"}]}。何もなければmentionsを空にします。
            """
        case .tnm:
            """
            あなたは肺癌の画像報告書を読む専門家です。利用者が渡す報告書から、肺癌のT、N、Mの区分（UICC第8版）を答えてください。\
            分からない区分はTX、NX、MXとし、肺癌の報告でなければ三つともnullとします。\
            evidenceには、根拠になる語句を文書の文字のまま写してください。\
            答えはJSONだけ：{"t","n","m","evidence":[...]}。
            """
        }
    }

    /// The form of the answer, as JSON Schema.
    var schema: JSONValue {
        switch self {
        case .entities:
            let mention = Self.object([
                ("type", Self.choice(EntityType.allCases.map(\.rawValue))),
                ("text", ["type": "string"]),
                ("certainty", Self.choice(Certainty.allCases.map(\.rawValue))),
                ("subject", Self.choice(MentionSubject.allCases.map(\.rawValue))),
                ("temporality", Self.choice(Temporality.allCases.map(\.rawValue))),
            ])
            return Self.object([("mentions", ["type": "array", "items": mention])])
        case .tnm:
            return Self.object([
                ("t", Self.choice(Self.tCategories, mayBeNull: true)),
                ("n", Self.choice(Self.nCategories, mayBeNull: true)),
                ("m", Self.choice(Self.mCategories, mayBeNull: true)),
                ("evidence", ["type": "array", "items": ["type": "string"]]),
            ])
        }
    }

    /// The categories that an answer may name.
    static let tCategories = [
        "TX", "T0", "Tis", "T1", "T1mi", "T1a", "T1b", "T1c", "T2", "T2a", "T2b", "T3", "T4",
    ]
    static let nCategories = ["NX", "N0", "N1", "N2", "N3"]
    static let mCategories = ["MX", "M0", "M1", "M1a", "M1b", "M1c"]

    private static func object(_ fields: [(String, JSONValue)]) -> JSONValue {
        [
            "type": "object",
            "properties": .object(fields.map { JSONValue.Member(name: $0.0, value: $0.1) }),
            "required": .array(fields.map { .string($0.0) }), "additionalProperties": false,
        ]
    }

    private static func choice(_ values: [String], mayBeNull: Bool = false) -> JSONValue {
        let values = values.map(JSONValue.string)
        return mayBeNull
            ? ["type": ["string", "null"], "enum": .array(values + [.null])]
            : ["type": "string", "enum": .array(values)]
    }
}
