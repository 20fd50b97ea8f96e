fn event(e: u32) {
  var v1 = 1u;
  loop {
    let v2 = read_0(e);
    let v3 = read_0(e + 1u) - v2;
    {
      var v4 = u32();
      var v5 = bool();
      var v6 = u32();
      for (var v7 = 0u; v7 < v3; v7++) {
        let v8 = read_1(v2 + v7);
        let v9 = v8;
        if (v6 < 32u) {
          var v10 = v6;
          while (v10 > 0u) {
            let v11 = v10 - 1u;
            if (!((v9 > rows1[v11]))) { break; }
            rows0[v10] = rows0[v11];
            rows1[v10] = rows1[v11];
            v10 = v11;
          }
          rows0[v10] = v7;
          rows1[v10] = v9;
          v6++;
        } else {
          doubt = true;
        }
      }
      let v12 = i32(v6);
      let v13 = select(1i, 1i + v12, 1i < 0i);
      if (v13 >= 0i && v13 < v12) {
        let v14 = u32(v13);
        let v15 = rows0[v14];
        v4 = v15;
        v5 = true;
      }
      var v16 = f32();
      var v17 = bool();
      if (v5) {
        let v18 = read_1(v2 + v4);
        v16 = v18;
        v17 = true;
      }
      if (v17) {
        let v19 = bin_0_0(v16);
        fill_0(v19);
      } else {
        missing_0();
      }
    }
    break;
  }
  commit(v1, false);
}
