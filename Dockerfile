FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /opt/doorstep
ENV PATH=/opt/doorstep/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY shared shared
COPY services services
# The build backend is a tool of this stage only; it does not get into the image.
RUN python -m venv /opt/tools && /opt/tools/bin/pip install "hatchling>=1.27" \
    && /opt/tools/bin/python -m hatchling build -t wheel -d /tmp/dist \
    && pip install --no-deps /tmp/dist/*.whl

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin doorstep
COPY --from=build /opt/doorstep /opt/doorstep
ENV PATH=/opt/doorstep/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DOORSTEP_HOST=0.0.0.0 \
    DOORSTEP_PORT=8080 \
    DOORSTEP_LOG_FORMAT=json
WORKDIR /tmp
USER 10001
EXPOSE 8080
ENTRYPOINT ["doorstep"]
CMD ["dispatcher"]
