// SPDX-License-Identifier: Apache-2.0
import CMeCab
import Glibc

/// A loaded dictionary set; owns one `mecab_model_t`.
///
/// `@unchecked Sendable` because the model is only read after loading: mecab.h says of
/// `Model::createTagger` and `createLattice` that several taggers may share one model, each used by
/// one thread at a time, and the pointer does not change between `init` and `deinit`.
struct MeCabModel: ~Copyable, @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Loads with command-line arguments of `mecab` (man mecab(1)); nil if MeCab refuses.
    init?(arguments: [String]) {
        var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer { for string in strings { free(string) } }
        guard let model = mecab_model_new(Int32(strings.count), &strings) else { return nil }
        pointer = model
    }

    deinit { mecab_model_destroy(pointer) }

    /// Path and character set of each dictionary loaded.
    var dictionaries: [(path: String, characterSet: String)] {
        var result: [(String, String)] = []
        var next = mecab_model_dictionary_info(pointer)
        while let info = next?.pointee {
            result.append((String(cString: info.filename), String(cString: info.charset)))
            next = UnsafePointer(info.next)
        }
        return result
    }

    /// Cost of a word with a left context after a word with a right context.
    func transitionCost(from right: UInt16, to left: UInt16) -> Int {
        Int(mecab_model_transition_cost(pointer, right, left))
    }

    /// The words of the dictionaries, and guesses of unknown ones, that could begin a text; the list
    /// goes on through `bnext` and lives until the lattice gets another sentence.
    func candidates(
        at start: UnsafePointer<CChar>, end: UnsafePointer<CChar>, lattice: OpaquePointer
    ) -> UnsafePointer<mecab_node_t>? {
        UnsafePointer(mecab_model_lookup(pointer, start, end, lattice))
    }

    func makeTagger() -> OpaquePointer? { mecab_model_new_tagger(pointer) }
    func makeLattice() -> OpaquePointer? { mecab_model_new_lattice(pointer) }
}

/// One tagger with its lattice, for one thread at a time.
struct MeCabSession: ~Copyable {
    private let tagger: OpaquePointer
    private let lattice: OpaquePointer

    /// nil if there is no memory.
    init?(model: borrowing MeCabModel) {
        guard let tagger = model.makeTagger() else { return nil }
        guard let lattice = model.makeLattice() else {
            mecab_destroy(tagger)
            return nil
        }
        self.tagger = tagger
        self.lattice = lattice
    }

    deinit {
        mecab_lattice_destroy(lattice)
        mecab_destroy(tagger)
    }

    /// Calls `body` with every word that could begin at each of several byte offsets of a UTF-8 text.
    ///
    /// The nodes live only inside `body`, and the text must not move meanwhile.
    func forEachCandidate(
        of text: UnsafeBufferPointer<UInt8>, at offsets: [Int], model: borrowing MeCabModel,
        _ body: (borrowing mecab_node_t, _ index: Int) -> Void
    ) {
        guard let base = text.baseAddress, !text.isEmpty else { return }
        base.withMemoryRebound(to: CChar.self, capacity: text.count) { bytes in
            mecab_lattice_set_sentence2(lattice, bytes, text.count)
            for (index, offset) in offsets.enumerated() {
                var next = model.candidates(
                    at: bytes + offset, end: bytes + text.count, lattice: lattice)
                while let node = next {
                    body(node.pointee, index)
                    next = UnsafePointer(node.pointee.bnext)
                }
            }
        }
    }

    /// Analyses UTF-8 text and calls `body` for each word with its node and its offset in bytes.
    ///
    /// The nodes live only inside `body`, and the text must not move meanwhile.
    func forEachNode(
        of text: UnsafeBufferPointer<UInt8>,
        _ body: (borrowing mecab_node_t, _ offset: Int) -> Void
    ) {
        guard let base = text.baseAddress, !text.isEmpty else { return }
        base.withMemoryRebound(to: CChar.self, capacity: text.count) { bytes in
            mecab_lattice_set_sentence2(lattice, bytes, text.count)
            guard mecab_parse_lattice(tagger, lattice) != 0 else { return }
            var next = mecab_lattice_get_bos_node(lattice)
            while let node = next {
                if Int(node.pointee.stat) != MECAB_BOS_NODE,
                    Int(node.pointee.stat) != MECAB_EOS_NODE,
                    let surface = node.pointee.surface
                {
                    body(node.pointee, surface - bytes)
                }
                next = node.pointee.next
            }
        }
    }
}
