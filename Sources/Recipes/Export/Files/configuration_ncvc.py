# SPDX-License-Identifier: Apache-2.0
"""The configuration of NCVC-slm-1 (arXiv 2412.16423) for Hugging Face Transformers."""

from transformers import PretrainedConfig


class NcvcConfig(PretrainedConfig):
    """Lengths and settings under the names that Llama's configuration has for them."""

    model_type = "ncvc"

    def __init__(
        self, vocab_size=32768, hidden_size=2048, intermediate_size=8192, num_hidden_layers=24,
        num_attention_heads=32, num_key_value_heads=8, head_dim=None, max_position_embeddings=2048,
        rms_norm_eps=1e-5, rope_theta=10000.0, embedding_scale=1.0, attention_dropout=0.0,
        hidden_act="silu", attention_bias=False, mlp_bias=False, mlp_gated=False,
        bos_token_id=0, eos_token_id=1, tie_word_embeddings=False, **others,
    ):
        if hidden_act != "silu" or attention_bias or mlp_bias or mlp_gated:
            raise ValueError("NCVC-slm-1 has SiLU, no biases and no gate")
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.intermediate_size = intermediate_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads
        self.head_dim = head_dim or hidden_size // num_attention_heads
        self.max_position_embeddings = max_position_embeddings
        self.rms_norm_eps = rms_norm_eps
        self.rope_theta = rope_theta
        # What token embeddings are multiplied by in the forward pass.
        self.embedding_scale = embedding_scale
        self.attention_dropout = attention_dropout
        self.hidden_act = hidden_act
        self.attention_bias = attention_bias
        self.mlp_bias = mlp_bias
        self.mlp_gated = mlp_gated
        super().__init__(
            bos_token_id=bos_token_id, eos_token_id=eos_token_id,
            tie_word_embeddings=tie_word_embeddings, **others)
