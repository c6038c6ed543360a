// SPDX-License-Identifier: Apache-2.0
package import Foundation
import LanguageModel
package import Tensors
import WeightFiles

/// The weights of a published checkpoint as the beginning of a run: what it lacks is drawn at random.
package struct PublishedWeights {
    private let files: SafetensorsFolder

    /// Opens `model.safetensors` or its shards; throws `WeightFileError`.
    package init(_ folder: URL) throws { files = try SafetensorsFolder(folder) }

    /// Whether a tensor is there.
    package func has(_ name: String) -> Bool { files.shape(of: name) != nil }

    /// The parameters of a network that must all be there.
    ///
    /// Throws ``TrainingError/tensorMissing(_:)``, ``TrainingError/tensorShape(_:expected:found:)``.
    package func parameters(of network: HeadedNetwork) throws -> ParameterSet {
        try ParameterSet(network.layout) { name in
            try files.storedName(of: name, prefix: network.trunk.prefix).map {
                try files.tensor($0)
            }
        }
    }

    /// All tensors of a trunk by their published names.
    ///
    /// Throws ``TrainingError/tensorMissing(_:)``, ``TrainingError/tensorShape(_:expected:found:)``.
    package func tensors(of trunk: TrainedTrunk) throws -> [String: Tensor] {
        try ParameterSet(trunk.layout) { name in
            try files.storedName(of: name, prefix: trunk.prefix).map { try files.tensor($0) }
        }.named()
    }

    /// The trunk's tensors from the checkpoint; a head's too where they are there in its shape, else random.
    ///
    /// Throws what `parameters(of:)` throws, for the trunk alone. `fresh` names the tensors drawn.
    package func start(
        of network: HeadedNetwork, seed: UInt64, deviation: Double = 0.02
    ) throws -> (parameters: ParameterSet, fresh: [String]) {
        var parameters = ParameterSet(freshFor: network, seed: seed, deviation: deviation)
        let trunkCount = network.trunk.layout.entries.count
        var fresh: [String] = []
        for (place, entry) in network.layout.entries.enumerated() {
            // What changes a trunk is never there.
            if entry.adapterStart(seed: 0, stream: 0) != nil { continue }
            let name = place < trunkCount ? entry.name : String(entry.name.afterSlash)
            guard let stored = files.storedName(of: name, prefix: network.trunk.prefix)
            else {
                guard place >= trunkCount else { throw TrainingError.tensorMissing(entry.name) }
                fresh.append(entry.name)
                continue
            }
            let found = try files.tensor(stored)
            if found.shape == entry.shape {
                parameters.tensors[place] = found
            } else if place < trunkCount {
                throw TrainingError.tensorShape(
                    entry.name, expected: entry.shape, found: found.shape)
            } else {
                // Another set of labels.
                fresh.append(entry.name)
            }
        }
        return (parameters, fresh)
    }
}

extension TrainedTrunk {
    /// What stands before the names of the trunk's tensors, which checkpoints without a head leave out.
    var prefix: String {
        switch self {
        case .encoder(let network): network.configuration.architecture.trunkPrefix
        case .decoder: "model."
        }
    }
}

extension ParameterSet {
    /// Random weights for a network: matrices normal around 0, gains of norms 1, biases 0.
    package init(freshFor network: HeadedNetwork, seed: UInt64, deviation: Double = 0.02) {
        self.init(zeros: network.layout)
        for (place, entry) in network.layout.entries.enumerated() {
            if let values = entry.adapterStart(seed: seed, stream: UInt64(place)) {
                tensors[place].values = values
                continue
            }
            // A bias of labels in a row begins at 0, too.
            if entry.name.contains("crf.") { continue }
            if entry.name.hasSuffix("ordinal.steps") {
                // Labels as likely as each other for scores around 0.
                let count = Double(entry.count)
                for step in 0..<entry.count {
                    tensors[place].values[step] = Float(step == 0 ? -(count - 1) / 2 : 0)
                }
                continue
            }
            if entry.shape.count > 1 {
                var generator = SplitMix64(seed: seed, stream: UInt64(place))
                tensors[place].values = (0..<entry.count).map { _ in
                    Float(deviation * generator.normal())
                }
            } else if entry.name.hasSuffix("orm.weight") || entry.name.hasSuffix("norm.weight") {
                tensors[place].values = [Float](repeating: 1, count: entry.count)
            }
        }
    }
}

extension String {
    /// What stands after the first slash; all where there is none.
    fileprivate var afterSlash: Substring {
        split(separator: "/", maxSplits: 1).last ?? self[...]
    }
}
