"""An Embedding: one vector a text, kept by the text's hash and the model that made it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pgvector.django import VectorField


class Embedding(models.Model):
    text_hash = models.CharField(max_length=64)
    model = models.CharField(_("模型"), max_length=200)  # name@revision: vectors of two models never meet
    vector = VectorField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("向量")
        verbose_name_plural = pgettext_lazy("plural", "向量")
        constraints = [models.UniqueConstraint(fields=["model", "text_hash"], name="one_vector_a_text")]

    def __str__(self) -> str:
        return f"{self.model} {self.text_hash[:12]}"


class ServingModel(models.Model):
    """The one row that says whose vectors serve; news/embed/serving.py reads and changes it."""

    key = models.CharField(_("模型"), max_length=200)  # as Embedding.model
    source = models.CharField(max_length=500)  # the EMBED_MODEL by which it is loaded again
    since = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("启用的向量模型")
        verbose_name_plural = pgettext_lazy("plural", "启用的向量模型")

    def __str__(self) -> str:
        return self.key
