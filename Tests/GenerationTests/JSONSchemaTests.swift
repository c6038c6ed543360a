// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation
import Testing

@Suite struct JSONSchemaTests {
    private func error(_ json: String) -> SchemaError? {
        do throws(SchemaError) {
            _ = try JSONSchema(json: Array(json.utf8), file: "s")
            return nil
        } catch { return error }
    }

    @Test(
        "what cannot be carried out is refused by the path of its field",
        arguments: [
            (
                #"{"type":"string","pattern":"a"}"#, "$.pattern",
                SchemaError.Fault.unsupportedKeyword
            ),
            (
                #"{"type":"array","items":{"type":"integer","minimum":3}}"#, "$.items.minimum",
                .unsupportedKeyword
            ),
            (#"{"anyOf":[]}"#, "$.type", .wrongValue),
            (#"{"type":"date"}"#, "$.type", .wrongValue),
            (#"{"type":["string","string"]}"#, "$.type", .wrongValue),
            (#"{"type":[]}"#, "$.type", .wrongValue),
            (#"{"type":"array"}"#, "$.items", .wrongValue),
            (#"{"type":"object"}"#, "$.properties", .wrongValue),
            (#"{"type":"object","properties":{"a":3}}"#, "$.properties.a", .wrongValue),
            (
                #"{"type":"object","properties":{"a":{"type":"null"},"a":{"type":"null"}}}"#,
                "$.properties.a", .duplicate
            ),
            (
                #"{"type":"object","properties":{},"required":["b"]}"#, "$.required[0]",
                .wrongValue
            ),
            (
                #"{"type":"object","properties":{},"additionalProperties":{}}"#,
                "$.additionalProperties", .wrongValue
            ),
            (#"{"type":"string","type":"null"}"#, "$.type", .duplicate),
            (#"{"type":"string","minLength":-1}"#, "$.minLength", .wrongValue),
            (#"{"type":"string","minLength":3,"maxLength":2}"#, "$.maxLength", .wrongValue),
            (
                #"{"type":"string","maxLength":1000000}"#, "$.maxLength",
                .tooMany(JSONSchema.countLimit)
            ),
            (#"{"type":"string","withinDocument":1}"#, "$.withinDocument", .wrongValue),
            (#"{"enum":[]}"#, "$.enum", .wrongValue),
            (#"{"enum":["a",{}]}"#, "$.enum[1]", .wrongValue),
            (#"{"const":[1]}"#, "$.const", .wrongValue),
            ("[1]", "$", .wrongValue), ("{", "$", .notJSON), ("", "$", .notJSON),
        ])
    func refused(json: String, field: String, fault: SchemaError.Fault) {
        #expect(error(json) == SchemaError(file: "s", field: field, fault: fault))
    }

    @Test("nesting is bounded")
    func deep() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"type":"array","items":"#, count: depth) + #"{"type":"null"}"#
                + String(repeating: "}", count: depth)
        }
        #expect(error(nested(15)) == nil)
        let path = "$" + String(repeating: ".items", count: 16)
        #expect(
            error(nested(16)) == SchemaError(file: "s", field: path, fault: .tooDeep(16)))
        #expect(error(nested(10_000)) != nil)
    }

    @Test("annotations say nothing about values")
    func annotations() {
        #expect(error(#"{"title":"x","description":"y","type":"null","default":null}"#) == nil)
    }
}
