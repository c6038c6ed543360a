// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import JSONFiles
package import ResultStore

/// Resources of FHIR R4 for what was found, as lines of JSON, one file a type.
///
/// Identifiers follow from the document, the place and the model, so that a second export is equal.
package struct FHIRExport {
    /// The types that are written, by the name of their file.
    package enum Resource: String, CaseIterable, Sendable {
        case condition = "Condition"
        case medicationStatement = "MedicationStatement"
        case observation = "Observation"
        case documentReference = "DocumentReference"
        case provenance = "Provenance"
    }

    /// What was written, and what was not.
    package struct Count: Hashable, Sendable {
        /// Resources of each type.
        package var resources: [Resource: Int] = [:]
        /// Documents of no patient: a finding must be somebody's.
        package var withoutPatient = 0
        /// Findings that are no resource of the patient's: somebody else's, or only general.
        package var passedOver = 0

        /// Nothing written yet.
        package init() {}
    }

    /// The canonical address of our extensions and codes, which leads nowhere.
    static let canonical = "https://shoken.invalid/fhir"

    private let withText: Bool

    /// An export; with text each document's text and each finding's sentence leave, too.
    package init(withText: Bool = false) { self.withText = withText }

    /// The resources of a document, each a line without its line feed.
    package func lines(
        of document: StoredDocument, count: inout Count
    ) -> [(type: Resource, line: String)] {
        guard let patient = document.header.patient else {
            count.withoutPatient += 1
            return []
        }
        let maker = FHIRMaker(of: document, patient: patient, withText: withText)
        var found: [(type: Resource, value: FHIRResource)] = []
        for mention in document.mentions {
            if let resource = maker.finding(mention) {
                found.append(resource)
            } else if mention.type != "dose" {
                count.passedOver += 1
            }
        }
        found += document.adverseEvents.compactMap(maker.observation)
        found += document.stage.map(maker.observations) ?? []
        found.append((.documentReference, maker.source))
        found.append((.provenance, maker.provenance(of: found)))
        for resource in found { count.resources[resource.type, default: 0] += 1 }
        return found.map { ($0.type, JSONValue.object($0.value.members).text) }
    }
}

/// A resource with its identifier.
struct FHIRResource {
    let type: FHIRExport.Resource
    let id: String
    /// Its members, the type's name among them.
    let members: [JSONValue.Member]

    init(_ type: FHIRExport.Resource, id: String, _ rest: [(String, JSONValue?)]) {
        (self.type, self.id) = (type, id)
        members =
            [
                .init(name: "resourceType", value: .string(type.rawValue)),
                .init(name: "id", value: .string(id)),
            ]
            + rest.compactMap { name, value in value.map { .init(name: name, value: $0) } }
    }
}

/// Makes the resources of one document.
private struct FHIRMaker {
    let document: StoredDocument
    let patient: String
    let withText: Bool
    let sentences: DocumentSentences?
    /// The key that identifiers follow from.
    let key: String
    let model: String

    init(of document: StoredDocument, patient: String, withText: Bool) {
        (self.document, self.patient, self.withText) = (document, patient, withText)
        sentences = withText ? DocumentSentences(of: document.text) : nil
        key = document.header.key ?? "\(document.sha256)/\(document.id)"
        model = document.maker.sha256
    }

    // MARK: Findings

    func finding(_ mention: StoredMention) -> (type: FHIRExport.Resource, value: FHIRResource)? {
        guard mention.subject == "patient", mention.certainty != "general" else { return nil }
        return switch mention.type {
        case "disease": (.condition, condition(mention))
        case "drug" where mention.certainty != "negative":
            (.medicationStatement, medication(mention))
        default: nil
        }
    }

    private func condition(_ mention: StoredMention) -> FHIRResource {
        let status =
            switch mention.certainty {
            case "negative": "refuted"
            case "suspicious": "unconfirmed"
            default: "confirmed"
            }
        // Where the text refutes or doubts it, nothing says that it goes on.
        let clinical =
            status == "confirmed" ? (mention.temporality == "past" ? "inactive" : "active") : nil
        let system = "http://terminology.hl7.org/CodeSystem/"
        return FHIRResource(
            .condition,
            id: id("Condition", mention.range.start, mention.standardName ?? mention.surface),
            [
                ("meta", derived),
                ("extension", .array(place(mention.range, mention.score, mention.needsReview))),
                ("clinicalStatus", clinical.map { coded(system + "condition-clinical", $0) }),
                ("verificationStatus", coded(system + "condition-ver-status", status)),
                ("code", code(mention)), ("subject", subject), ("recordedDate", written),
                (
                    "evidence",
                    [["detail": [.object([.init(name: "reference", value: .string(reference))])]]]
                ),
            ])
    }

    private func code(_ mention: StoredMention) -> JSONValue {
        let codings = (mention.icd10 ?? "").split(separator: ";").map { code -> JSONValue in
            let name = mention.standardName ?? mention.surface
            return [
                "system": "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/ICD10-2013-full",
                "code": .string(Self.pointed(String(code))), "display": .string(name),
            ]
        }
        return .object(
            (codings.isEmpty ? [] : [.init(name: "coding", value: .array(codings))])
                + [.init(name: "text", value: .string(mention.surface))])
    }

    /// `J849` as `J84.9`.
    private static func pointed(_ code: String) -> String {
        guard code.count > 3, !code.contains(".") else { return code }
        return code.prefix(3) + "." + code.dropFirst(3)
    }

    private func medication(_ mention: StoredMention) -> FHIRResource {
        let status =
            switch mention.state {
            case "stopped": "stopped"
            case "planned": "intended"
            case "not-given", "allergy": "not-taken"
            case "given": mention.temporality == "past" ? "completed" : "active"
            default: "unknown"
            }
        let doses = document.mentions.filter { $0.drug == mention.id }.map { dose -> JSONValue in
            ["text": .string(dose.surface)]
        }
        return FHIRResource(
            .medicationStatement,
            id: id(
                "MedicationStatement", mention.range.start, mention.standardName ?? mention.surface),
            [
                ("meta", derived),
                ("extension", .array(place(mention.range, mention.score, mention.needsReview))),
                ("status", .string(status)),
                (
                    "medicationCodeableConcept",
                    ["text": .string(mention.standardName ?? mention.surface)]
                ),
                ("subject", subject), ("dateAsserted", written),
                ("derivedFrom", [["reference": .string(reference)]]),
                ("dosage", doses.isEmpty ? nil : .array(doses)),
            ])
    }

    // MARK: Observations

    func observation(
        _ event: StoredAdverseEvent
    ) -> (type: FHIRExport.Resource, value: FHIRResource)? {
        guard let mention = document.mention(event.mention), mention.subject == "patient" else {
            return nil
        }
        return (
            .observation,
            FHIRResource(
                .observation,
                id: id("Observation", mention.range.start, "adverse-event/\(event.role)"),
                [
                    ("meta", derived),
                    ("extension", .array(place(mention.range, event.score, false))),
                    ("status", "preliminary"),
                    (
                        "code",
                        [
                            "coding": [
                                [
                                    "system": .string(
                                        FHIRExport.canonical + "/CodeSystem/findings"),
                                    "code": .string("adverse-event-\(event.role)"),
                                ]
                            ], "text": .string(mention.surface),
                        ]
                    ),
                    ("subject", subject), ("effectiveDateTime", written),
                    ("valueInteger", .integer(event.level)),
                    ("derivedFrom", [["reference": .string(reference)]]),
                ])
        )
    }

    func observations(_ stage: StoredStage) -> [(type: FHIRExport.Resource, value: FHIRResource)] {
        let axes: [(code: String, display: String, value: String?, score: Double?)] = [
            ("21905-5", "Primary tumor.clinical [Class] Cancer", stage.t, stage.tScore),
            ("21906-3", "Regional lymph nodes.clinical [Class] Cancer", stage.n, stage.nScore),
            ("21907-1", "Distant metastases.clinical [Class] Cancer", stage.m, stage.mScore),
            ("21908-9", "Stage group.clinical Cancer", stage.stage, nil),
        ]
        return axes.compactMap { axis in
            guard let value = axis.value else { return nil }
            return (
                .observation,
                FHIRResource(
                    .observation, id: id("Observation", 0, axis.code),
                    [
                        ("meta", derived),
                        ("extension", .array(place(nil, axis.score, !stage.review.isEmpty))),
                        ("status", "preliminary"),
                        (
                            "code",
                            [
                                "coding": [
                                    [
                                        "system": "http://loinc.org", "code": .string(axis.code),
                                        "display": .string(axis.display),
                                    ]
                                ]
                            ]
                        ),
                        ("subject", subject), ("effectiveDateTime", written),
                        ("valueCodeableConcept", ["text": .string(value)]),
                        ("method", ["text": .string(stage.edition)]),
                        ("derivedFrom", [["reference": .string(reference)]]),
                    ])
            )
        }
    }

    // MARK: The document

    var source: FHIRResource {
        var attachment: [JSONValue.Member] = [
            .init(name: "contentType", value: "text/plain; charset=utf-8"),
            .init(name: "language", value: "ja"),
        ]
        let bytes = Data(document.text.utf8)
        if withText {
            attachment.append(.init(name: "data", value: .string(bytes.base64EncodedString())))
        }
        attachment.append(.init(name: "size", value: .integer(bytes.count)))
        if let title = document.header.title, !title.isEmpty {
            attachment.append(.init(name: "title", value: .string(title)))
        }
        return FHIRResource(
            .documentReference, id: sourceID,
            [
                ("meta", derived),
                (
                    "identifier",
                    [
                        [
                            "system": .string(FHIRExport.canonical + "/document-key"),
                            "value": .string(key),
                        ]
                    ]
                ),
                ("status", document.standing == "current" ? "current" : "superseded"),
                (
                    "type",
                    [
                        "coding": [
                            [
                                "system": .string(FHIRExport.canonical + "/CodeSystem/kinds"),
                                "code": .string(document.kind),
                            ]
                        ]
                    ]
                ),
                ("subject", subject), ("date", instant(document.receivedAt)),
                ("content", [["attachment": .object(attachment)]]),
                ("context", written.map { ["period": ["start": $0]] }),
            ])
    }

    func provenance(
        of targets: [(type: FHIRExport.Resource, value: FHIRResource)]
    ) -> FHIRResource {
        let maker = document.maker
        return FHIRResource(
            .provenance, id: id("Provenance", 0, "run"),
            [
                (
                    "contained",
                    [
                        [
                            "resourceType": "Device", "id": "shoken",
                            "deviceName": [["name": "Shoken", "type": "manufacturer-name"]],
                            "version": [
                                ["value": .string(maker.codeVersion)],
                                [
                                    "value": .string(
                                        "\(maker.name) \(maker.version) sha256:\(maker.sha256)")
                                ],
                            ],
                        ]
                    ]
                ),
                (
                    "target",
                    .array(
                        targets.map {
                            ["reference": .string("\($0.type.rawValue)/\($0.value.id)")]
                        })
                ), ("recorded", instant(document.processedAt) ?? "1970-01-01T00:00:00Z"),
                ("agent", [["who": ["reference": "#shoken"]]]),
                ("entity", [["role": "source", "what": ["reference": .string(reference)]]]),
            ])
    }

    // MARK: Parts

    private var sourceID: String { id("DocumentReference", 0, "") }
    private var reference: String { "DocumentReference/\(sourceID)" }

    private func id(_ kind: String, _ start: Int, _ code: String) -> String {
        let source = "\(key)|\(kind)|\(start)|\(code)|\(model)"
        return String(ContentDigest(of: Data(source.utf8)).hexadecimal.prefix(32))
    }

    private var derived: JSONValue {
        [
            "tag": [
                [
                    "system": .string(FHIRExport.canonical + "/CodeSystem/tags"),
                    "code": "derived",
                    "display": "found in a text by a program",
                ]
            ]
        ]
    }

    private var subject: JSONValue {
        var identifier: [JSONValue.Member] = []
        if let issuer = document.header.patientIssuer, !issuer.isEmpty {
            let isOID = issuer.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
            identifier.append(
                .init(name: "system", value: .string(isOID ? "urn:oid:" + issuer : issuer)))
        }
        identifier.append(.init(name: "value", value: .string(patient)))
        return ["type": "Patient", "identifier": .object(identifier)]
    }

    /// When it was written, as exactly as that is known.
    private var written: JSONValue? {
        guard var text = LocalTime.text(document.header.authoredAt) else { return nil }
        // FHIR knows no time without seconds.
        if text.count == "2026-03-01T09:00+09:00".count {
            text = text.prefix(16) + ":00" + text.suffix(6)
        }
        return .string(text)
    }

    private func instant(_ text: String) -> JSONValue? {
        LocalTime.text(text).map(JSONValue.string)
    }

    private func coded(_ system: String, _ code: String) -> JSONValue {
        ["coding": [["system": .string(system), "code": .string(code)]]]
    }

    /// Where it stands, how sure the model is, whether a person should look, and if wanted its sentence.
    private func place(
        _ range: SourceRange?, _ score: Double?, _ needsReview: Bool
    ) -> [JSONValue] {
        func part(_ name: String, _ value: JSONValue.Member) -> JSONValue {
            .object([.init(name: "url", value: .string(name)), value])
        }
        var parts: [JSONValue] = []
        if let range {
            parts.append(part("start", .init(name: "valueInteger", value: .integer(range.start))))
            parts.append(part("end", .init(name: "valueInteger", value: .integer(range.end))))
        }
        if let score {
            let rounded = (score * 10_000).rounded() / 10_000
            parts.append(part("score", .init(name: "valueDecimal", value: .number(rounded))))
        }
        parts.append(part("review", .init(name: "valueBoolean", value: .bool(needsReview))))
        if let sentences, let range {
            let sentence = sentences.text(at: sentences.around(range))
            parts.append(part("sentence", .init(name: "valueString", value: .string(sentence))))
        }
        return [
            [
                "url": .string(FHIRExport.canonical + "/StructureDefinition/finding"),
                "extension": .array(parts),
            ]
        ]
    }
}
