// SPDX-License-Identifier: Apache-2.0
package import Foundation
import WeightFiles

extension RandomForest {
    /// Names of tensors, and of what the file says of itself.
    private enum Field {
        static let (features, thresholds) = ("feature", "threshold")
        static let (rights, shares, roots) = ("right", "share", "root")
        static let (format, classes, width) = ("format", "classes", "width")
        static let (accuracy, rows) = ("out_of_bag_accuracy", "out_of_bag_rows")
        static let formatName = "shoken-random-forest-1"
        static let own = [format, classes, width, accuracy, rows]
    }

    /// Writes the forest as one safetensors file, which is replaced as a whole: nodes of all trees in
    /// preorder (`feature`, −1 at leaves; `threshold`; `right`, counted from the tree's root; `share`, of each
    /// class at leaves), and `root`, where each tree begins.
    ///
    /// Throws `WeightFileError`, and `FileError`.
    package func write(to url: URL) throws {
        let count = nodeCount
        var said = metadata
        said[Field.format] = Field.formatName
        said[Field.classes] = classes.joined(separator: "\n")
        said[Field.width] = "\(width)"
        said[Field.accuracy] = outOfBag.map { "\($0.accuracy)" }
        said[Field.rows] = outOfBag.map { "\($0.rows)" }
        let plan = [
            PlannedTensor(name: Field.features, shape: [count], type: .signed32),
            PlannedTensor(name: Field.rights, shape: [count], type: .signed32),
            PlannedTensor(name: Field.roots, shape: [trees.count], type: .signed32),
            PlannedTensor(name: Field.shares, shape: [count, classes.count], type: .float32),
            PlannedTensor(name: Field.thresholds, shape: [count], type: .float32),
        ]
        try SafetensorsWriter.write(plan, metadata: said, to: url) { sink in
            var root: Int32 = 0
            for tree in trees {
                switch sink.tensor.name {
                case Field.features: try sink.append(bytes: Self.bytes(tree.features))
                case Field.rights: try sink.append(bytes: Self.bytes(tree.rights))
                case Field.roots: try sink.append(bytes: Self.bytes([root]))
                case Field.shares: try sink.append(tree.shares)
                default: try sink.append(tree.thresholds)
                }
                root += Int32(tree.count)
            }
        }
    }

    private static func bytes(_ numbers: [Int32]) -> [UInt8] {
        numbers.flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: UInt32(bitPattern: number) >> (8 * $0)) }
        }
    }

    /// Reads a forest and checks all of it: nothing that answering relies on is taken on trust.
    ///
    /// Throws `WeightFileError` and ``ForestError/malformed(file:field:expected:)``.
    package init(file url: URL) throws {
        let file = try SafetensorsFile(url)
        func fault(_ field: String, _ expected: String) -> ForestError {
            .malformed(file: file.path, field: field, expected: expected)
        }
        let said = file.metadata
        guard said[Field.format] == Field.formatName else {
            throw fault("metadata \(Field.format)", Field.formatName)
        }
        let classes = (said[Field.classes] ?? "").split(separator: "\n").map(String.init)
        guard (2...255).contains(classes.count), Set(classes).count == classes.count else {
            throw fault("metadata \(Field.classes)", "2 to 255 names, one a line, that differ")
        }
        guard let width = said[Field.width].flatMap(Int.init), (1...65_536).contains(width) else {
            throw fault("metadata \(Field.width)", "1 to 65536")
        }
        let expected = [
            Field.features, Field.rights, Field.roots, Field.shares, Field.thresholds,
        ]
        guard file.names == expected else {
            throw fault("tensors", expected.joined(separator: ", "))
        }
        guard let count = file.shape(of: Field.features)?.first, count > 0, count <= Int32.max,
            let trees = file.shape(of: Field.roots)?.first, (1...10_000).contains(trees)
        else { throw fault("shapes", "those of at least one tree") }
        for (name, shape, type) in [
            (Field.features, [count], StorageType.signed32), (Field.rights, [count], .signed32),
            (Field.roots, [trees], .signed32), (Field.thresholds, [count], .float32),
            (Field.shares, [count, classes.count], .float32),
        ] where file.shape(of: name) != shape || file.storage(of: name) != type {
            throw fault(name, "\(type.rawValue) of the shape \(shape)")
        }
        let accuracy = said[Field.accuracy].map { Double($0) ?? -1 }
        let rows = said[Field.rows].map { Int($0) ?? -1 }
        guard (accuracy == nil) == (rows == nil), (0...1).contains(accuracy ?? 0), rows ?? 1 > 0
        else { throw fault("metadata \(Field.accuracy)", "a share, with the number of rows") }
        let roots = try Self.numbers(Field.roots, trees, file) + [Int32(count)]
        guard roots[0] == 0, zip(roots, roots.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw fault(Field.roots, "the places of trees in their order, from 0")
        }
        let features = try Self.numbers(Field.features, count, file)
        let rights = try Self.numbers(Field.rights, count, file)
        let thresholds = try file.tensor(Field.thresholds).values
        let shares = try file.tensor(Field.shares).values
        let grown = try zip(roots, roots.dropFirst()).map { begin, end in
            let range = Int(begin)..<Int(end)
            let tree = DecisionTree(
                features: Array(features[range]), thresholds: Array(thresholds[range]),
                rights: Array(rights[range]),
                shares: Array(
                    shares[range.lowerBound * classes.count..<range.upperBound * classes.count]))
            if let flaw = tree.flaw(width: width, classes: classes.count) {
                throw fault(flaw.field, flaw.expected)
            }
            return tree
        }
        self.init(
            classes: classes, width: width,
            outOfBag: accuracy.flatMap { accuracy in
                rows.map { OutOfBag(accuracy: accuracy, rows: $0) }
            }, metadata: said.filter { !Field.own.contains($0.key) }, trees: grown)
    }

    private static func numbers(
        _ name: String, _ count: Int, _ file: SafetensorsFile
    ) throws -> [Int32] {
        let bytes = try file.bytes(of: name, 0..<4 * count)
        return (0..<count).map { place in
            Int32(
                bitPattern: (0..<4).reduce(UInt32(0)) {
                    $0 | UInt32(bytes[4 * place + $1]) << (8 * UInt32($1))
                })
        }
    }
}

extension DecisionTree {
    /// What is wrong with nodes that were read: every path must end at a leaf, and every node be reached once.
    func flaw(width: Int, classes: Int) -> (field: String, expected: String)? {
        // Where each subtree that is not finished must begin.
        var open: [Int] = []
        for node in 0..<count {
            let own = shares[node * classes..<(node + 1) * classes]
            if features[node] >= 0 {
                guard features[node] < width else { return ("feature", "below \(width)") }
                guard thresholds[node].isFinite else { return ("threshold", "finite") }
                guard rights[node] > node + 1, rights[node] < open.last ?? count else {
                    return ("right", "a node after the left child, within the tree")
                }
                open.append(Int(rights[node]))
                continue
            }
            guard features[node] == -1, rights[node] == 0 else {
                return ("feature", "-1 at a leaf, with 0 as right")
            }
            guard own.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(own.reduce(0, +) - 1) < 1e-3 else {
                return ("share", "probabilities whose sum is 1, at leaves")
            }
            guard let next = open.popLast() else {
                return node == count - 1 ? nil : ("root", "nodes that belong to a tree")
            }
            guard next == node + 1 else { return ("right", "the node after the left subtree") }
        }
        return ("feature", "leaves at the end of every path")
    }
}
