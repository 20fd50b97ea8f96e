fn event(e: u32) {
  vectors_0_has = 0u;
  var v1 = 1u;
  loop {
    let v2 = read_0(e);
    let v3 = read_0(e + 1u) - v2;
    let v4 = v3 <= 128u;
    doubt = doubt || !v4;
    let v5 = select(0u, v3, v4);
    for (var v6 = 0u; v6 < v5; v6++) {
      for (var v7 = v6 + 1u; v7 < v5; v7++) {
        let v8 = read_1(v2 + v6);
        let v9 = read_1(v2 + v7);
        let v10 = (v8 != v9);
        if (v10) {
          let v11 = vectors_0(v2, v6);
          let v12 = vectors_0(v2, v7);
          let v13 = num_add(v11.px, v12.px);
          let v14 = num_add(v11.py, v12.py);
          let v15 = num_add(v11.pz, v12.pz);
          let v16 = num_add(v11.e, v12.e);
          let v17 = num_mul(v16, v16);
          let v18 = num_mul(v13, v13);
          let v19 = num_mul(v14, v14);
          let v20 = num_add(v18, v19);
          let v21 = num_mul(v15, v15);
          let v22 = num_add(v20, v21);
          let v23 = num_sub(v17, v22);
          let v24 = num_le(constant_num(0u), v23);
          var v25 = Num();
          if (v24) {
            let v26 = num_sqrt(v23);
            v25 = v26;
          } else {
            let v27 = num_neg(v23);
            let v28 = num_sqrt(v27);
            let v29 = num_neg(v28);
            v25 = v29;
          }
          let v30 = bin_0_0(v25);
          fill_0(v30);
        }
      }
    }
    break;
  }
  commit(v1, false);
}
