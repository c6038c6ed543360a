// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Faults
import Glibc
import Tensors
import TestSupport
import Testing
import WeightFiles

@Suite("Errors of weight files in words") struct ErrorExplanationTests {
    @Test(
        "name the file, the tensor or field, and what was expected",
        arguments: [
            (WeightFileError.headerLength(file: "a.x", bytes: 9, limit: 8), ["a.x", "9", "8"]),
            (.header(file: "a.x", field: "magic"), ["a.x", "does not begin with GGUF"]),
            (.header(file: "a.x", field: "header"), ["a.x", "no JSON object of tensors"]),
            (.header(file: "a.x", field: "a"), ["a.x", "\"a\" in its head"]),
            (.mistaken(file: "a.x", .gitLFS), ["a.x", "git lfs pull"]),
            (.mistaken(file: "a.x", .zip), ["a.x", "zip", "unpack"]),
            (.mistaken(file: "a.x", .html), ["a.x", "web page"]),
            (.mistaken(file: "a.x", .empty), ["a.x", "is empty"]),
            (
                .file(FileError(.open, FilePath("/m/a.x"), errno: EISDIR)),
                ["/m/a.x", "a folder is in its place", "whole"]
            ),
            (
                .file(FileError(.open, FilePath("/m/a.x"), errno: EACCES)),
                ["/m/a.x", "Permission denied", "chmod"]
            ),
            (.ggufVersion(file: "a.gguf", found: 1), ["a.gguf", "version 1", "2 and 3"]),
            (.ggufVersion(file: "a.gguf", found: 3 << 24), ["a.gguf", "big-endian"]),
            (.duplicate(file: "a.x", tensor: "t"), ["a.x", "t stands twice"]),
            (.unknownType(file: "a.x", tensor: "t", type: "Q"), ["a.x", "t ", "Q"]),
            (.notFloatingPoint(file: "a.x", tensor: "t", type: .signed8), ["a.x", "t ", "I8"]),
            (.shape(file: "a.x", tensor: "t", shape: [-1]), ["a.x", "t ", "[-1]"]),
            (
                .offsets(file: "a.x", tensor: "t", begin: 1, end: 2, expectedBytes: 4),
                ["a.x", "t ", "1 to 2", "4 bytes"]
            ),
            (
                .notContiguous(file: "a.x", tensor: "t", begin: 5, previousEnd: 4),
                ["a.x", "t ", "5", "4"]
            ),
            (.trailingBytes(file: "a.x", bytes: 3), ["a.x", "3"]),
            (.truncated(file: "a.x", tensor: "t"), ["a.x", "t"]),
            (.missingTensor(file: "a.x", tensor: "t"), ["a.x", "t"]),
            (
                .unexpectedShape(file: "a.x", tensor: "t", expected: [2], found: [3]),
                ["a.x", "t ", "[2]", "[3]"]
            ),
            (.shardName(file: "a.json", tensor: "t"), ["a.json", "t"]),
            (.notRepresentable(tensor: "t", storage: .float16), ["t ", "F16"]),
            (.reservedName(tensor: ""), ["\"\""]),
            (.pickle(file: "a.bin"), ["a.bin", "safetensors"]),
        ])
    func weights(error: WeightFileError, words: [String]) {
        expectSentence(of: error, naming: words)
    }

    @Test(
        "name the configuration and its field",
        arguments: [
            (ModelConfigurationError.notJSON(file: "c.json"), ["c.json", "JSON"]),
            (.duplicate(file: "c.json", field: "f"), ["c.json", "f stands twice"]),
            (.missing(file: "c.json", field: "f"), ["c.json", "no field f"]),
            (.type(file: "c.json", field: "f"), ["c.json", "f has another type"]),
            (.outOfRange(file: "c.json", field: "f"), ["c.json", "f is out of range"]),
            (.unsupported(file: "c.json", field: "f"), ["c.json", "this f"]),
            (
                .unsupported(file: "c.json", field: "f", found: "x", supported: ["y", "z"]),
                ["c.json", "f is x", "y, z"]
            ),
            (
                .outOfRange(file: "c.json", field: "f", found: "-3", expected: "1 to 9"),
                ["f is -3, where 1 to 9 is expected"]
            ),
            (
                .type(file: "c.json", field: "f", found: "\"3\"", expected: "a whole number"),
                ["f is \"3\", where a whole number is expected"]
            ),
            (.notJSON(file: "c.json", fault: "it is empty"), ["c.json", "it is empty"]),
        ])
    func configuration(error: ModelConfigurationError, words: [String]) {
        expectSentence(of: error, naming: words)
    }

    @Test("a file that is not there is told from one that is at fault")
    func dispositions() {
        let absent = FileError(.open, FilePath("/no/such"), errno: 2)
        #expect(WeightFileError.file(absent).disposition == .noInput)
        #expect(ModelConfigurationError.file(absent).disposition == .noInput)
        #expect(WeightFileError.pickle(file: "a").disposition == .unavailable)
        #expect(WeightFileError.header(file: "a", field: "b").disposition.remedy == .setAside)
    }
}
