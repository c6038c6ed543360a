// SPDX-License-Identifier: Apache-2.0
import Faults
import TestSupport
import Testing

@testable import Recipes

@Suite("Errors of recipes and their data in words") struct ErrorExplanationTests {
    private static let place = RowPlace(file: "d.csv", line: 4)
    private static let errors: [(any Explained, [String], Disposition)] = [
        (
            RecipeError.recipeSyntax(file: "r", line: 3, reason: "no ="), ["r, line 3", "no ="],
            .configuration
        ),
        (
            RecipeError.unknownKey(file: "r", key: "a.b", nearest: "a.c"), ["r:", "a.b", "a.c?"],
            .configuration
        ),
        (RecipeError.missingKey(file: "r", key: "a.b"), ["r:", "a.b"], .configuration),
        (
            RecipeError.badValue(file: "r", key: "a.b", expected: "1 to 9"),
            ["r:", "a.b", "1 to 9"],
            .configuration
        ),
        (
            RecipeError.stepUnit(file: "r", key: "a.batch_rows", unit: .tokens),
            ["r:", "a.batch_rows", "in tokens: batch_tokens"], .configuration
        ),
        (
            RecipeError.conflictingKeys(file: "r", first: "a.b", second: "a.c"),
            ["r:", "a.b", "a.c", "one of them"], .configuration
        ),
        (RecipeError.noDocuments(file: "d"), ["d:"], .noInput),
        (RecipeError.notUTF8(file: "d", offset: 7), ["d ", "byte 7"], .badData),
        (RecipeError.tokenCache(file: "d", offset: 7), ["d ", "byte 7"], .badData),
        (RecipeError.unfitBase(file: "m", reason: .noTemplate), ["m ", "[chat]"], .badData),
        (
            InstructionDataError.rows(
                [FaultyRow(file: "d", line: 2, fault: .missing("output"))], count: 3),
            ["d, line 2", "output", "2 more"], .badData
        ),
        (InstructionDataError.column(file: "d", column: "c"), ["d:", "column c"], .badData),
        (InstructionDataError.table(file: "d", line: 2), ["d, line 2"], .badData),
        (InstructionDataError.empty(file: "d"), ["d:"], .badData),
        (InstructionFault.tooLong(tokens: 9, context: 8), ["9", "8", "long_rows"], .badData),
        (LabelledDataError.unreadable(file: "d", detail: "byte 3"), ["d: byte 3"], .badData),
        (RecipeError.undecodable(file: "d", detail: "byte 3"), ["d: byte 3"], .badData),
        (LabelledDataError.field(place, field: "text"), ["d.csv, line 4", "text"], .badData),
        (LabelledDataError.unknownLabel(place, known: ["A", "B"]), ["line 4", "A, B"], .badData),
        (LabelledDataError.tooLong(place, tokens: 9, limit: 8), ["line 4", "9", "8"], .badData),
        (LabelledDataError.noRows(head: "h", part: "validation"), ["h ", "validation"], .badData),
        (TrainingExportError.alreadyThere("e"), ["e ", "--output"], .cannotCreate),
        (
            TrainingExportError.noSpace(directory: "e", needed: 3_000_000, free: 1_000_000),
            ["e ", "3 MB", "1 MB"], .cannotCreate
        ),
        (TrainingExportError.architecture("gemma2"), ["gemma2"], .unavailable),
        (
            TrainingExportError.window(tokens: 8, phase: "p", context: 9), ["p ", "9", "8"],
            .unavailable
        ),
    ]

    @Test("name the file and the key or line, and what is expected", arguments: errors.indices)
    func words(of number: Int) {
        let (error, words, disposition) = Self.errors[number]
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
    }
}
