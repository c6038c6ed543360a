# SPDX-License-Identifier: Apache-2.0
"""NCVC-slm-1 (arXiv 2412.16423): RMSNorm before each block, rotary positions, grouped queries, a
feed-forward block without gate, no biases. For training: it keeps no cache, so it does not generate."""

import torch
from torch import nn
from torch.nn import functional as F
from transformers import PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

from .configuration_ncvc import NcvcConfig


class NcvcNorm(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(config.hidden_size))
        self.epsilon = config.rms_norm_eps

    def forward(self, x):
        wide = x.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.epsilon)
        return self.weight * wide.to(x.dtype)


def angles(config, positions):
    """Cosines and sines (B, 1, T, D), computed anew: a buffer would not survive loading."""
    width = config.head_dim
    steps = torch.arange(0, width, 2, dtype=torch.float32, device=positions.device)
    turns = positions[..., None].float() * (config.rope_theta ** (-steps / width))
    turns = torch.cat((turns, turns), dim=-1)[:, None]
    return turns.cos(), turns.sin()


def turned(x, cosine, sine):
    """The first half of a head turned against the second."""
    first, second = x.chunk(2, dim=-1)
    return x * cosine.to(x.dtype) + torch.cat((-second, first), dim=-1) * sine.to(x.dtype)


def causal_with_padding(real):
    """(B, 1, T, T): a token sees real ones before it, and itself, so that no row is empty."""
    before = torch.ones(real.shape[1], real.shape[1], dtype=torch.bool, device=real.device).tril()
    return ((before & real[:, None]) | torch.eye(real.shape[1], device=real.device).bool())[:, None]


class NcvcAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads, self.groups = config.num_attention_heads, config.num_key_value_heads
        self.width = config.head_dim
        self.attention_dropout = config.attention_dropout
        narrow = self.groups * self.width
        self.q_proj = nn.Linear(config.hidden_size, self.heads * self.width, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, narrow, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, narrow, bias=False)
        self.o_proj = nn.Linear(self.heads * self.width, config.hidden_size, bias=False)

    def forward(self, x, mask, cosine, sine):
        batch, tokens, _ = x.shape

        def split(projection, count):
            return projection(x).view(batch, tokens, count, self.width).transpose(1, 2)

        mixed = F.scaled_dot_product_attention(
            turned(split(self.q_proj, self.heads), cosine, sine),
            turned(split(self.k_proj, self.groups), cosine, sine),
            split(self.v_proj, self.groups),
            attn_mask=mask, is_causal=mask is None, enable_gqa=self.heads != self.groups,
            dropout_p=self.attention_dropout if self.training else 0.0)
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, tokens, -1))


class NcvcFeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.up_proj(x)))


class NcvcLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.input_layernorm = NcvcNorm(config)
        self.self_attn = NcvcAttention(config)
        self.post_attention_layernorm = NcvcNorm(config)
        self.mlp = NcvcFeedForward(config)

    def forward(self, x, mask, cosine, sine):
        x = x + self.self_attn(self.input_layernorm(x), mask, cosine, sine)
        return x + self.mlp(self.post_attention_layernorm(x))


class NcvcTrunk(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(NcvcLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = NcvcNorm(config)


class NcvcForCausalLM(PreTrainedModel):
    """The decoder with its head; where the head is the embedding there is no second matrix."""

    config_class = NcvcConfig
    base_model_prefix = "model"
    _supports_sdpa = True
    _no_split_modules = ["NcvcLayer"]

    def __init__(self, config):
        super().__init__(config)
        self.model = NcvcTrunk(config)
        if not config.tie_word_embeddings:
            self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.embed_tokens

    def forward(self, input_ids, attention_mask=None, position_ids=None, **_):
        """Logits (B, T, V). `attention_mask` is what is added to scores, (B, 1, T, T), or True where a
        token is seen; without one a token sees those before it. Two dimensions mark padding."""
        positions = position_ids
        if positions is None:
            positions = torch.arange(input_ids.shape[1], device=input_ids.device)[None]
        mask = attention_mask
        if mask is not None and mask.dim() == 2:
            mask = None if bool(mask.all()) else causal_with_padding(mask.bool())
        x = self.model.embed_tokens(input_ids) * self.config.embedding_scale
        cosine, sine = angles(self.config, positions)
        for layer in self.model.layers:
            x = layer(x, mask, cosine, sine)
        head = self.model.embed_tokens if self.config.tie_word_embeddings else self.lm_head
        return CausalLMOutput(logits=F.linear(self.model.norm(x), head.weight))
