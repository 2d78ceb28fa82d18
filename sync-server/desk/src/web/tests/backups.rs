//! «Резервні копії» as an administrator uses the page.

use super::*;

async fn until_done(bench: &Bench) -> Got {
    for _ in 0..200 {
        let page = bench.admin.get("/backups").await;
        if !page.body.contains("Копія створюється") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the backup does not end");
}

#[tokio::test]
async fn a_backup_is_made_listed_and_checked_on_the_page() {
    let bench = bench().await;
    let page = bench.admin.get("/backups").await;
    page.says("Резервної копії ще не було").says("Понад три місяці").says("Тут копій ще немає");
    assert_eq!(bench.admin.post("/backups", &[]).await.location(), "/backups");
    let page = until_done(&bench).await;
    page.says("робоче місце").says("усе гаразд").says("перевірено");
    assert!(!page.body.contains("Резервної копії ще не було"), "{}", page.body);
    let folder = bench.town.desk.folder_for_test().parent().unwrap().join("backups");
    let made = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    let name = made.file_name().into_string().unwrap();
    page.says(&name);
    assert_eq!(bench.admin.post("/backups/check", &[("name", &name)]).await.location(), "/backups");
    until_done(&bench).await;
    let database = made.path().join("desk/valiza.db");
    let mut bytes = std::fs::read(&database).unwrap();
    bytes[5000] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    bench.admin.post("/backups/check", &[("name", &name)]).await;
    until_done(&bench).await.says("знайдено пошкоджень: 1");
    let other = bench.admin.post("/backups/check", &[("name", "../../etc")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    other.says("Такої копії немає");
    bench.admin.get("/backups?lang=en").await.says("Make a backup now").says("damages found: 1");
    assert_eq!(bench.clerk.get("/backups").await.status, StatusCode::FORBIDDEN);
}
