// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import TestSupport
import Testing
import WeightFiles

@Suite struct SafetensorsTests {
    static let tensors: [String: Tensor] = [
        "b.weight": Tensor(shape: [2, 3], values: [0, -1, 0.5, 3, -65504, 1e-7]),
        "a": Tensor(shape: [1], values: [2]),
        "scalar": Tensor(shape: [], values: [7]),
        "empty": Tensor(zeros: [0, 4]),
    ]

    @Test("float32 comes back bit by bit, with metadata and sorted names")
    func float32() throws {
        let file = try TemporaryFile()
        try SafetensorsWriter.write(
            Self.tensors, metadata: ["format": "pt", "更新": "はい"], to: file.url)
        let read = try SafetensorsFile(file.url)
        #expect(read.names == ["a", "b.weight", "empty", "scalar"])
        #expect(read.metadata == ["format": "pt", "更新": "はい"])
        for (name, tensor) in Self.tensors {
            #expect(try read.tensor(name) == tensor)
            #expect(read.shape(of: name) == tensor.shape)
            #expect(read.storage(of: name) == .float32)
        }
    }

    @Test("tensors begin at a multiple of eight bytes")
    func alignment() throws {
        for length in 1...9 {
            let name = String(repeating: "n", count: length)
            let bytes = try SafetensorsWriter.encode(
                [name: Tensor(shape: [1], values: [1])], storage: .float32, metadata: [:])
            #expect((bytes.count - 4) % 8 == 0)
        }
    }

    @Test("every half-precision number comes back as it was", arguments: [false, true])
    func allHalves(brain: Bool) throws {
        let words = (0...UInt16.max).filter { word in
            // Numbers only: what is not a number may change its payload.
            brain ? word & 0x7f80 != 0x7f80 : word & 0x7c00 != 0x7c00
        }
        let values = words.map { word in
            brain
                ? Float(bitPattern: UInt32(word) << 16) : Float(Float16(bitPattern: word))
        }
        let file = try TemporaryFile()
        let tensor = Tensor(shape: [values.count], values: values)
        try SafetensorsWriter.write(
            ["x": tensor], storage: brain ? .bfloat16 : .float16, to: file.url)
        let read = try SafetensorsFile(file.url).tensor("x")
        #expect(read.values.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test("narrowing rounds to nearest, ties to even, as the language does")
    func rounding() throws {
        var random = SeededNumbers(seed: 1)
        var values: [Float] = [
            1 + 0x1p-11, 1 + 0x3p-11, 0x1p-25, 0x1.8p-24, 65519, -65519, 0x1p-14, 0x1.ffcp-15, -0,
            0x1.ffep-15, 0x1p-149, .infinity, -.infinity,
        ]
        while values.count < 50_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if value.magnitude < 65519 { values.append(value) }
        }
        let file = try TemporaryFile()
        let tensor = Tensor(shape: [values.count], values: values)
        try SafetensorsWriter.write(["x": tensor], storage: .float16, to: file.url)
        let half = try SafetensorsFile(file.url).tensor("x").values
        #expect(half.map(\.bitPattern) == values.map { Float(Float16($0)).bitPattern })
        try SafetensorsWriter.write(["x": tensor], storage: .bfloat16, to: file.url)
        let brain = try SafetensorsFile(file.url).tensor("x").values
        #expect(brain.map(\.bitPattern) == values.map(Self.nearestBFloat16))
    }

    /// Of the two neighbours with sixteen zero bits, the nearer one, or the even one.
    static func nearestBFloat16(_ value: Float) -> UInt32 {
        guard value.isFinite else { return value.bitPattern }
        let low = value.bitPattern & 0xffff_0000
        let rest = value.bitPattern & 0xffff
        let up = rest > 0x8000 || (rest == 0x8000 && low & 0x1_0000 != 0)
        return up ? low + 0x1_0000 : low
    }

    @Test(
        "a value too large for the storage is refused, not made infinite",
        arguments: [WeightStorage.float16, .bfloat16], [Float(3.4e38), -3.4e38])
    func tooLarge(storage: WeightStorage, value: Float) throws {
        let expected = WeightFileError.notRepresentable(tensor: "x", storage: storage.type)
        #expect(throws: expected) {
            try SafetensorsWriter.encode(
                ["x": Tensor(shape: [1], values: [value])], storage: storage, metadata: [:])
        }
    }

    @Test("names that the format reserves are refused", arguments: ["", "__metadata__"])
    func reserved(name: String) {
        #expect(throws: WeightFileError.reservedName(tensor: name)) {
            try SafetensorsWriter.encode(
                [name: Tensor(zeros: [1])], storage: .float32, metadata: [:])
        }
    }

    @Test("writing replaces a file as a whole and leaves nothing beside it")
    func replaces() throws {
        let file = try TemporaryFile()
        try Data("old".utf8).write(to: file.url)
        try SafetensorsWriter.write(Self.tensors, to: file.url)
        #expect(try SafetensorsFile(file.url).names.count == 4)
        let left = try FileManager.default.contentsOfDirectory(atPath: file.directory.path)
        #expect(left == [file.url.lastPathComponent])
    }

    @Test("a matrix that was read stays as it is when its file is changed in place")
    func changedInPlace() throws {
        let file = try TemporaryFile()
        let tensor = Tensor(shape: [64, 32], values: (0..<2048).map(Float.init))
        try SafetensorsWriter.write(["w": tensor], to: file.url)
        let matrix = try SafetensorsFile(file.url).matrix("w")
        let handle = try FileHandle(forWritingTo: file.url)
        let size = Int(try handle.seekToEnd())
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: size))
        try handle.truncate(atOffset: 16)
        var rows = Tensor(zeros: [2, 32])
        matrix.gatherRows([63, 0], into: &rows)
        #expect(rows.values == Array(tensor.values.suffix(32) + tensor.values.prefix(32)))
    }

    @Test("a missing tensor is named")
    func missing() throws {
        let file = try TemporaryFile()
        try SafetensorsWriter.write(Self.tensors, to: file.url)
        let read = try SafetensorsFile(file.url)
        #expect(throws: WeightFileError.missingTensor(file: read.path, tensor: "c")) {
            try read.tensor("c")
        }
        let expected = WeightFileError.unexpectedShape(
            file: read.path, tensor: "a", expected: [1, 1], found: [1])
        #expect(throws: expected) { try read.tensor("a", shape: [1, 1]) }
    }
}

/// A path in a folder of its own, removed with it.
final class TemporaryFile {
    private let folder: TemporaryFolder
    let url: URL
    var directory: URL { folder.url }

    init(_ name: String = "x.safetensors") throws {
        folder = try TemporaryFolder()
        url = folder[name]
    }
}
