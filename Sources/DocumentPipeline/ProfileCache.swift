// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import ResultStore
import Synchronization

/// The profiles of one database's documents, as the model in use made them: another model cuts words
/// otherwise, and in another database the same rows are other documents.
final class DatabaseProfiles: Sendable {
    private struct Owner: Hashable {
        let maker: ResultMaker
        let generation: Int
    }

    private let kept = Mutex<(owner: Owner?, cache: ProfileCache)>((nil, ProfileCache()))

    /// The cache for a model and a database, by its ``ResultDatabase/generation``; those of others are
    /// forgotten.
    func cache(for maker: ResultMaker, generation: Int) -> ProfileCache {
        let owner = Owner(maker: maker, generation: generation)
        return kept.withLock { kept in
            if kept.owner != owner { kept = (owner, ProfileCache()) }
            return kept.cache
        }
    }
}

/// Profiles of recorded documents by their rows, as one model made them: a bounded memory.
///
/// It holds two generations, each of half the limit. What is asked for moves to the younger one; when
/// that is full it becomes the older one, whose profiles are forgotten. So what is used stays, at the
/// cost of two look-ups and no list of uses.
final class ProfileCache: Sendable {
    private let generations = Mutex(Generations())
    /// The most bytes of one generation.
    private let limit: Int

    /// An empty cache of `maximumBytes` at most, by the estimate of `SentenceProfile.byteCount`.
    init(maximumBytes: Int = 16 << 20) { limit = maximumBytes / 2 }

    /// The profile of a document, or else what `make` gives, which is then kept.
    func profile(
        of document: Int64, or make: () throws -> SentenceProfile
    ) rethrows -> SentenceProfile {
        if let known = self[document] { return known }
        let profile = try make()
        insert(profile, for: document)
        return profile
    }

    /// Keeps the profile of a recorded document; one above half the limit is not kept.
    func insert(_ profile: SentenceProfile, for document: Int64) {
        generations.withLock { $0.insert(profile, for: document, limit: limit) }
    }

    /// Whether the profile of a document is here; asking changes nothing.
    func holds(_ document: Int64) -> Bool {
        generations.withLock { $0.young[document] != nil || $0.old[document] != nil }
    }

    /// The profile of a document if it is here still.
    subscript(document: Int64) -> SentenceProfile? {
        generations.withLock { (generations: inout Generations) -> SentenceProfile? in
            if let profile = generations.young[document] { return profile }
            guard let profile = generations.old[document] else { return nil }
            generations.insert(profile, for: document, limit: limit)
            return profile
        }
    }
}

/// What was used since the last change of generations, and what before.
private struct Generations {
    var young: [Int64: SentenceProfile] = [:]
    var old: [Int64: SentenceProfile] = [:]
    private var youngBytes = 0

    mutating func insert(_ profile: SentenceProfile, for document: Int64, limit: Int) {
        let bytes = profile.byteCount
        guard bytes <= limit else { return }
        if let former = young[document] { youngBytes -= former.byteCount }
        if youngBytes + bytes > limit {
            (old, young, youngBytes) = (young, [:], 0)
        }
        young[document] = profile
        youngBytes += bytes
    }
}
