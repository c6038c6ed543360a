// SPDX-License-Identifier: Apache-2.0
import JSONFiles

extension FHIRExport {
    /// What our extension means, as a StructureDefinition on one line.
    package static var definition: String {
        let url = canonical + "/StructureDefinition/finding"
        func element(_ path: String, _ rest: [(String, JSONValue)]) -> JSONValue {
            .object(
                [
                    .init(name: "id", value: .string(path)),
                    .init(name: "path", value: .string(String(path.split(separator: ":")[0]))),
                ] + rest.map { .init(name: $0.0, value: $0.1) })
        }
        func part(_ name: String, _ meaning: String) -> JSONValue {
            element(
                "Extension.extension:\(name)",
                [
                    ("sliceName", .string(name)), ("short", .string(meaning)), ("min", 0),
                    ("max", "1"),
                ])
        }
        let definition: JSONValue = [
            "resourceType": "StructureDefinition", "id": "finding", "url": .string(url),
            "name": "Finding", "title": "A finding in a text, by a program", "status": "active",
            "fhirVersion": "4.0.1", "kind": "complex-type", "abstract": false,
            "context": [["type": "element", "expression": "DomainResource"]], "type": "Extension",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
            "derivation": "constraint",
            "differential": [
                "element": [
                    element(
                        "Extension", [("short", "Where it stands, and how sure the program is")]),
                    part("start", "First character, in Unicode code points of the text, from 0"),
                    part("end", "The character after the last"),
                    part("score", "Probability by the model, 0 to 1"),
                    part("review", "Whether a person should look"),
                    part("sentence", "The sentence that it stands in"),
                    element("Extension.url", [("fixedUri", .string(url))]),
                ]
            ],
        ]
        return definition.text
    }
}
