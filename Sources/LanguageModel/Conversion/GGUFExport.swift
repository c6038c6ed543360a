// SPDX-License-Identifier: Apache-2.0
import Tensors
import WeightFiles

/// The tensors of a GGUF file of a decoder, and where each comes from.
struct GGUFExport {
    /// A part of a tensor of the file.
    enum Part {
        /// A tensor of the source, whose rows lie otherwise in the file where its place says so.
        case stored(StoredTensor, GGUFTensorMap.Place)
        /// Numbers of the configuration.
        case computed([Float])
    }

    /// The tensors in the order of the file.
    let tensors: [PlannedTensor]
    private let parts: [String: [Part]]
    private let source: any TensorSource
    private let normOffset: Float

    /// Elements that are read and written at a time.
    static let stretchElements = 1 << 22

    /// A plan of all tensors of a source, whose shapes were checked.
    init(
        _ source: any TensorSource, _ configuration: DecoderConfiguration,
        recipe: QuantizationRecipe, isPure: Bool
    ) {
        self.source = source
        // What the source's norms lack to be what the forward pass multiplies by.
        normOffset = configuration.normOffset
        let map = GGUFTensorMap(configuration)
        var order: [String] = []
        var parts: [String: [Part]] = [:]
        for tensor in configuration.storedTensors {
            let place = map.place(of: tensor)
            if parts[place.name] == nil { order.append(place.name) }
            parts[place.name, default: []].append(.stored(tensor, place))
        }
        var tensors: [PlannedTensor] = []
        for name in order {
            guard case .stored(let first, let place)? = parts[name]?.first else { continue }
            let count = parts[name]?.count ?? 0
            let shape = (place.expert == nil ? [] : [count]) + first.shape
            tensors.append(
                PlannedTensor(
                    name: name, shape: shape,
                    format: Self.format(of: first, configuration, recipe, isPure)))
        }
        for (name, values) in GGUFMetadata(configuration: configuration).scalingTensors {
            tensors.append(PlannedTensor(name: name, shape: [values.count], format: .float32))
            parts[name] = [.computed(values)]
        }
        self.tensors = tensors
        self.parts = parts
    }

    private static func format(
        of tensor: StoredTensor, _ configuration: DecoderConfiguration,
        _ recipe: QuantizationRecipe, _ isPure: Bool
    ) -> BlockFormat {
        if case .layer(_, [.router]) = tensor.place { return .float32 }
        guard tensor.shape.count > 1, let columns = tensor.shape.last else { return .float32 }
        return recipe.format(
            for: tensor.place, columns: columns, of: configuration, isPure: isPure)
    }

    /// Fills a tensor of the file, some rows at a time where they need not be reordered.
    func fill(_ sink: inout TensorSink, progress: (_ elements: Int) throws -> Void) throws {
        for part in parts[sink.tensor.name] ?? [] {
            switch part {
            case .computed(let values): try sink.append(values)
            case .stored(let tensor, let place):
                if let heads = place.interleavedHeads {
                    let whole = try source.tensor(tensor.name, shape: tensor.shape)
                    try sink.append(whole.interleavingHeads(heads).values)
                    try progress(whole.count)
                } else {
                    let offset = place.offset == 0 ? 0 : normOffset
                    try source.forEachStretch(of: tensor.name, tensor.shape) { values in
                        try sink.append(offset == 0 ? values : values.map { $0 + offset })
                        try progress(values.count)
                    }
                }
            }
        }
    }
}

extension TensorSource {
    /// Calls `body` with the elements of a tensor, some rows at a time.
    func forEachStretch(
        of name: String, _ shape: [Int], _ body: ([Float]) throws -> Void
    ) throws {
        try check(name, shape: shape)
        guard let rows = shape.first else { return try body(tensor(name).values) }
        let width = max(1, shape.dropFirst().reduce(1, *))
        let stretch = max(1, GGUFExport.stretchElements / width)
        for start in stride(from: 0, to: rows, by: stretch) {
            try body(tensor(name, rows: start..<min(rows, start + stretch)).values)
        }
    }
}
