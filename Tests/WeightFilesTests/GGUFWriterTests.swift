// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import WeightFiles

@Suite struct GGUFWriterTests {
    static let metadata: [(key: String, value: GGUFValue)] = [
        ("general.architecture", .text("llama")),
        ("count", .integer(4_000_000_000)), ("below", .integer(-3)),
        ("large", .integer(1 << 40)), ("epsilon", .number(0.5)), ("flag", .flag(true)),
        ("更新", .text("はい")), ("texts", .texts(["", "か\u{3099}", "が"])),
        ("kinds", .integers([1, -1, 6])), ("scores", .numbers([0, -2.5])),
        ("flags", .flags([true, false])), ("map", .bytes([0, 255, 7])), ("none", .texts([])),
    ]

    static let tensors = [
        PlannedTensor(name: "a.weight", shape: [3, 5], format: .float32),
        PlannedTensor(name: "b", shape: [7], format: .bfloat16),
        PlannedTensor(name: "c", shape: [2, 3, 32], format: .q8_0),
    ]

    static func values(_ tensor: PlannedTensor) -> [Float] {
        (0..<tensor.count).map { Float($0 % 127) }
    }

    static func write(to url: URL, stretch: Int = 32) throws {
        try GGUFWriter.write(metadata: metadata, tensors: tensors, to: url) { sink in
            let values = values(sink.tensor)
            for start in Swift.stride(from: 0, to: values.count, by: stretch) {
                try sink.append(Array(values[start..<min(values.count, start + stretch)]))
            }
        }
    }

    @Test("metadata and tensors come back as they were")
    func roundTrip() throws {
        let file = try TemporaryFile("x.gguf")
        try Self.write(to: file.url)
        let read = try GGUFFile(file.url)
        #expect(read.metadata.count == Self.metadata.count)
        for (key, value) in Self.metadata { #expect(read.metadata[key] == value, "\(key)") }
        #expect(read.names == ["a.weight", "b", "c"])
        for tensor in Self.tensors {
            #expect(read.shape(of: tensor.name) == tensor.shape)
            let values = try read.tensor(tensor.name).values
            for (value, expected) in zip(values, Self.values(tensor)) {
                #expect(abs(value - expected) <= 0.5)
            }
        }
    }

    /// Until `Scripts/fuzz gguf` found it, reading such a tensor ended the process.
    @Test("a vector in blocks is read, whole or some of its elements")
    func vector() throws {
        let file = try TemporaryFile("x.gguf")
        let tensor = PlannedTensor(name: "v", shape: [96], format: .q8_0)
        try GGUFWriter.write(metadata: [], tensors: [tensor], to: file.url) {
            try $0.append((0..<96).map { Float($0) - 48 })
        }
        let read = try GGUFFile(file.url)
        let whole = try read.tensor("v")
        #expect(whole.shape == [96] && abs(whole.values[90] - 42) < 0.5)
        #expect(try read.tensor("v", rows: 31..<70).values == Array(whole.values[31..<70]))
    }

    @Test("the bytes do not depend on the parts in which elements came")
    func parts() throws {
        let (one, other) = (try TemporaryFile("x.gguf"), try TemporaryFile("x.gguf"))
        try Self.write(to: one.url, stretch: 32)
        try Self.write(to: other.url, stretch: 4096)
        #expect(try Data(contentsOf: one.url) == Data(contentsOf: other.url))
    }

    @Test("a content that fails leaves the old file and nothing beside it")
    func failure() throws {
        struct Fault: Error {}
        let file = try TemporaryFile("x.gguf")
        try Data("old".utf8).write(to: file.url)
        #expect(throws: Fault.self) {
            try GGUFWriter.write(
                metadata: Self.metadata, tensors: Self.tensors, to: file.url
            ) { _ in throw Fault() }
        }
        #expect(throws: WeightFileError.notEncodable(tensor: "c", format: .q8_0)) {
            try GGUFWriter.write(metadata: [], tensors: [Self.tensors[2]], to: file.url) { sink in
                try sink.append([Float](repeating: .nan, count: sink.tensor.count))
            }
        }
        #expect(try Data(contentsOf: file.url) == Data("old".utf8))
        let left = try FileManager.default.contentsOfDirectory(atPath: file.directory.path)
        #expect(left == ["x.gguf"])
    }

    @Test("names and shapes that the format does not take are refused")
    func refused() throws {
        let file = try TemporaryFile("x.gguf")
        let long = String(repeating: "n", count: 64)
        for (names, shape) in [([""], [1]), (["a", "a"], [1]), ([long], [1])] {
            let tensors = names.map { PlannedTensor(name: $0, shape: shape, format: .float32) }
            #expect(throws: WeightFileError.reservedName(tensor: names[0])) {
                try GGUFWriter.write(metadata: [], tensors: tensors, to: file.url) {
                    try $0.append([0])
                }
            }
        }
        for shape in [[], [0], [1, 1, 1, 1, 1]] {
            let tensor = PlannedTensor(name: "a", shape: shape, format: .float32)
            #expect(throws: WeightFileError.self) {
                try GGUFWriter.write(metadata: [], tensors: [tensor], to: file.url) { _ in }
            }
        }
        #expect(throws: WeightFileError.self) {
            try GGUFWriter.write(
                metadata: [("a", .flag(true)), ("a", .flag(true))], tensors: [], to: file.url
            ) { _ in }
        }
    }
}
